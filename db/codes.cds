namespace leanix;

/** Names for the values of elements such as the status of a run, in the user's language. */
@plural: 'Codes'
entity Code {
  key list : String(30);
  key code : String(30);
      name : localized String(100);
}
