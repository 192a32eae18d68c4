export const namesAreTexts: { selector: string; message: string }[];
