/** The local launchpad: the same intents and tiles as in SAP Build Work Zone, in the launchpad's sandbox. */
(() => {
  const german = (new URLSearchParams(location.search).get('sap-language') ?? navigator.language)
    .toLowerCase()
    .startsWith('de');
  const t = (en, de) => (german ? de : en);
  const runtime = '/odata/v4/runtime';
  const access = '/odata/v4/access';

  const app = (name, title) => ({
    title,
    description: title,
    additionalInformation: `SAPUI5.Component=leanix.integration.${name}`,
    applicationType: 'URL',
    url: `/${name}`,
    // Preloads the libraries; otherwise the app would load their modules one by one.
    applicationDependencies: {
      self: { name: `leanix.integration.${name}` },
      asyncHints: { libs: [{ name: 'sap.ui.core' }, { name: 'sap.ui.unified' }, { name: 'sap.fe.templates' }] },
    },
  });
  const tile = (id, { count, users, ...properties }) => ({
    id,
    size: '1x1',
    tileType: `sap.ushell.ui.tile.${count ? 'DynamicTile' : 'StaticTile'}`,
    properties: count ? { numberValue: ' ', ...properties } : properties,
    count,
    users,
  });

  const admins = ['admin', 'enterprise', 'enterprise2'];

  const allTiles = [
    tile('iflows', {
      title: t('iFlows', 'iFlows'),
      subtitle: t('Deployed artifacts', 'Deployte Artefakte'),
      icon: 'sap-icon://chain-link',
      count: `${runtime}/IFlows/$count`,
      targetURL: '#LeanIXIFlow-manage',
    }),
    tile('notLinked', {
      title: t('Not Linked', 'Nicht verknüpft'),
      subtitle: t('Without a fact sheet', 'Ohne Fact Sheet'),
      icon: 'sap-icon://broken-link',
      count: `${runtime}/IFlows/$count?$filter=linkStatus eq 'notLinked'`,
      targetURL: '#LeanIXIFlow-manage?linkStatus=notLinked',
    }),
    tile('failed', {
      title: t('Failed', 'Fehlgeschlagen'),
      subtitle: t('In the last run', 'Im letzten Lauf'),
      icon: 'sap-icon://error',
      count: `${runtime}/SyncItems/$count?$filter=run/isLast eq true and status eq 'failed'`,
      targetURL: '#LeanIXIFlow-manage?isLast=true&/SyncRuns',
    }),
    tile('running', {
      title: t('Running Now', 'Läuft gerade'),
      subtitle: t('Runs', 'Läufe'),
      icon: 'sap-icon://physical-activity',
      count: `${runtime}/SyncRuns/$count?$filter=isActive eq true`,
      targetURL: '#LeanIXIFlow-manage?isActive=true&/SyncRuns',
    }),
    tile('access', {
      title: t('Access', 'Zugriff'),
      subtitle: t('Accounts in LeanIX', 'Konten in LeanIX'),
      icon: 'sap-icon://key-user-settings',
      count: `${access}/Accounts/$count?$filter=state eq 'active'`,
      targetURL: '#LeanIXAccess-manage',
      users: admins,
    }),
    tile('tasks', {
      title: t('Tasks', 'Aufgaben'),
      subtitle: t('Open', 'Offen'),
      icon: 'sap-icon://pending',
      count: `${access}/ProvisioningTasks/$count?$filter=status eq 'open'`,
      targetURL: '#LeanIXAccess-manage?status=open&/ProvisioningTasks',
      users: admins,
    }),
    tile('dormantAdmins', {
      title: t('Dormant Admins', 'Ruhende Admins'),
      subtitle: t('No recent sign-in', 'Lange nicht angemeldet'),
      icon: 'sap-icon://away',
      count: `${access}/Accounts/$count?$filter=dormant eq true and role eq 'ADMIN' and state eq 'active'`,
      targetURL: '#LeanIXAccess-manage?dormant=true&role=ADMIN&state=active',
      users: admins,
    }),
    tile('tokens', {
      title: t('API Tokens', 'API-Tokens'),
      subtitle: t('Expire within 14 days', 'Ablauf in 14 Tagen'),
      icon: 'sap-icon://date-time',
      count: `${access}/Overview/tokensExpiring/$value`,
      targetURL: '#LeanIXAccess-manage&/AccessConfigs',
      users: admins,
    }),
    tile('failedJobs', {
      title: t('Failed Jobs', 'Fehlgeschlagene Jobs'),
      subtitle: t('In their last run', 'In ihrem letzten Lauf'),
      icon: 'sap-icon://error',
      count: `${access}/Overview/failedJobs/$value`,
      targetURL: '#LeanIXAccess-manage&/Jobs',
      users: admins,
    }),
    tile('toConfirm', {
      title: t('To Confirm', 'Zu bestätigen'),
      subtitle: t('Limit exceeded', 'Grenzwert überschritten'),
      icon: 'sap-icon://stop',
      count: `${access}/Overview/runsToConfirm/$value`,
      targetURL: '#LeanIXAccess-manage?canConfirm=true&/JobRuns',
      users: admins,
    }),
    tile('settings', {
      title: t('LeanIX Settings', 'LeanIX-Einstellungen'),
      subtitle: t('Connections', 'Verbindungen'),
      icon: 'sap-icon://action-settings',
      targetURL: '#LeanIXSettings-manage',
      users: admins,
    }),
    tile('signin', {
      title: t('Sign In As …', 'Anmelden als …'),
      subtitle: t('Another local user', 'Anderer lokaler Benutzer'),
      icon: 'sap-icon://switch-views',
      targetURL: '/launchpad/signin.html',
    }),
  ];

  const user = /(?:^|; )leanix-local-user=(\w+)/.exec(document.cookie)?.[1] ?? '';
  const tiles = allTiles.filter(({ users }) => users?.includes(user) ?? true);
  const names = {
    enterprise: 'Enterprise Admin',
    enterprise2: 'Second Enterprise Admin',
    admin: 'Admin',
    viewer: 'Viewer',
  };
  const fullName = names[user] ?? t('Nobody', 'Niemand');
  const [firstName, lastName = ''] = fullName.split(' ');

  // The sandbox calls the first group "My Home", whatever its title is.
  const groups = [
    { id: 'home', title: '', isPreset: true, isVisible: false, tiles: [] },
    { id: 'leanix', title: 'LeanIX Integration', isPreset: true, isVisible: true, tiles },
  ];

  window['sap-ushell-config'] = {
    defaultRenderer: 'fiori2',
    renderers: {
      fiori2: { componentData: { config: { search: 'hidden', enableSearch: false, enablePersonalization: false } } },
    },
    services: {
      Container: { adapter: { config: { id: user, firstName, lastName, fullName } } },
      LaunchPage: {
        adapter: { config: { groups } },
      },
      NavTargetResolutionInternal: {
        config: { enableClientSideTargetResolution: true },
        adapter: {
          config: {
            applications: {
              'LeanIXIFlow-manage': app('runtime', t('iFlows in LeanIX', 'iFlows in LeanIX')),
              'LeanIXAccess-manage': app('access', t('Access to LeanIX', 'Zugriff auf LeanIX')),
              'LeanIXSettings-manage': app('settings', t('LeanIX Settings', 'LeanIX-Einstellungen')),
            },
          },
        },
      },
    },
  };

  /** The sandbox asks for the numbers of tiles but does not show them, so this does. */
  async function showNumbers() {
    const registry = sap.ui.require('sap/ui/core/ElementRegistry');
    const shown = registry?.filter((element) => element.isA('sap.m.GenericTile')) ?? [];
    let isComplete = shown.length > 0;
    for (const control of shown) {
      const { count } = tiles.find(({ properties }) => properties.title === control.getHeader()) ?? {};
      if (!count || document.hidden) continue;
      if (!control.getDomRef()) {
        isComplete = false;
        continue;
      }
      const answer = await fetch(count).catch(() => undefined);
      const number = control.getTileContent()[0].getContent();
      number.setValue(answer?.ok ? await answer.text() : '–');
    }
    setTimeout(showNumbers, isComplete ? 5000 : 300);
  }
  window.addEventListener('load', () => sap.ui.require(['sap/ui/core/ElementRegistry'], showNumbers));
})();
