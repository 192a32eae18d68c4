import type ListReportAPI from 'sap/fe/templates/ListReport/ExtensionAPI';
import { text } from './models';
import { count, loadSession } from './session';

/** Explains above the list why the LeanIX actions are missing, and what to do. */
export async function showNotice(api: ListReportAPI): Promise<void> {
  const { isAdmin, isEnterpriseAdmin, configured } = await loadSession(api);
  const say = (key: string, type: string) => api.setCustomMessage({ message: text(api, key), type: type as never });
  if (!configured) say(isAdmin ? 'notConfigured' : 'notConfiguredAsk', 'Warning');
  else if (!isEnterpriseAdmin) say('notEnterprise', 'Information');
  else if (!(await count(api, '/IFlows'))) say('empty', 'Information');
  else api.setCustomMessage(null);
}
