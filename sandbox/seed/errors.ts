const generation = {
  subsystemName: 'CONTENT',
  subsytemPartName: 'CONTENT_DEPLOY',
  messageId: 'GenerationFailed',
  messageText: '',
};

/** Texts of runtime errors, in each form that tenants are known to send. */
export const errorTexts: readonly string[] = [
  JSON.stringify({
    message: generation,
    parameter: [
      'The generation and build of the artifact were unsuccessful. Check the script references of the integration flow.\n' +
        "Script file 'script1.groovy' not found",
    ],
  }),
  JSON.stringify({
    message: { ...generation, messageId: 'CheckFailed' },
    parameter: [],
    childInstances: [
      {
        message: { ...generation, messageId: 'ParameterMissing' },
        parameter: ["The externalized parameter 'Receiver_Address' has no value"],
        childInstances: [],
      },
    ],
  }),
  JSON.stringify({
    message: { ...generation, subsystemName: 'RUNTIME', messageId: 'StartFailed' },
    parameter: [
      JSON.stringify({
        childMessageInstances: [
          { message: { messageId: 'CredentialMissing' }, parameter: ["Credential 'BANK_SFTP' is not deployed"] },
        ],
      }),
    ],
  }),
  `${JSON.stringify({
    message: { ...generation, subsystemName: 'RUNTIME', messageId: 'StartFailed' },
    parameter: ['org.apache.camel.FailedToCreateRouteException: Failed to create route Process_1: Route(Process_1)'],
  }).slice(0, -4)}... [truncated]`,
  'The certificate of the receiver expired on 2025-04-30.',
  JSON.stringify({ message: "java.lang.IllegalStateException: No credentials for 'smtp' found" }),
];
