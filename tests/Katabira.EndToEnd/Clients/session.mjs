// A session with the JavaScript client: node session.mjs PATH-OF-NODE_MODULES NAMESPACE, with KUBECONFIG set.
// Prints a line for each step; the test compares them all.
import { pathToFileURL } from 'node:url';

const [modules, namespace] = process.argv.slice(2);
const k8s = await import(pathToFileURL(`${modules}/@kubernetes/client-node/dist/index.js`));
const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const custom = config.makeApiClient(k8s.CustomObjectsApi);
const say = (...words) => console.log(...words);
const refused = async (call) => {
  try {
    await call();
    return 'not refused';
  } catch (error) {
    const status = JSON.parse(error.body);
    return `${error.code} ${status.reason}: ${status.message}`;
  }
};

const space = await core.createNamespace({ body: { metadata: { name: namespace } } });
say('namespace', space.status.phase);

// The informer lists, watches and tells what it sees; each wait ends with the event itself.
const seen = [];
const waiting = [];
const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () =>
  core.listNamespacedConfigMap({ namespace, labelSelector: 'app=session' }), 'app=session');
const next = () => new Promise((resolve) => (seen.length ? resolve(seen.shift()) : waiting.push(resolve)));
for (const verb of ['add', 'update', 'delete']) {
  informer.on(verb, (object) => {
    const event = `${verb} ${object.metadata.name} ${JSON.stringify(object.data)}`;
    waiting.length ? waiting.shift()(event) : seen.push(event);
  });
}
await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'early', labels: { app: 'session' } }, data: { a: '1' } } });
await informer.start();
say('informer', await next());
const made = await core.createNamespacedConfigMap({ namespace, body: { metadata: { generateName: 'made-', labels: { app: 'other' } } } });
say('generated', /^made-[a-z0-9]{5}$/.test(made.metadata.name), made.metadata.creationTimestamp instanceof Date);
await core.patchNamespacedConfigMap({ name: 'early', namespace, body: { data: { b: '2' } } }, k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch));
say('informer', await next());
await core.patchNamespacedConfigMap({ name: 'early', namespace, body: [{ op: 'remove', path: '/data/a' }] }, k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.JsonPatch));
say('informer', await next());

const deployment = {
  metadata: { name: 'web' },
  spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } } },
};
await apps.createNamespacedDeployment({ namespace, body: deployment });
const patched = await apps.patchNamespacedDeployment(
  { name: 'web', namespace, body: { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:2' }, { name: 'log', image: 'log:1' }] } } } } },
  k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.StrategicMergePatch));
say('strategic', patched.spec.template.spec.containers.map((c) => `${c.name}=${c.image}`).join(' '));
const scale = await apps.readNamespacedDeploymentScale({ name: 'web', namespace });
say('scale', scale.spec.replicas, scale.status.selector);
const applied = await core.patchNamespacedConfigMap(
  { name: 'applied', namespace, fieldManager: 'session', force: true, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data: { a: '1' } } },
  k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.ServerSideApply));
say('applied', applied.metadata.managedFields[0].manager, applied.metadata.managedFields[0].operation);

const names = [];
let page = {};
do {
  page = await core.listNamespacedConfigMap({ namespace, limit: 1, _continue: page.metadata?._continue, fieldSelector: 'metadata.name!=kube-root-ca.crt' });
  names.push(...page.items.map((item) => item.metadata.name.replace(/-.*/, '')));
} while (page.metadata._continue);
say('pages', names.join(' '));

say(await refused(() => core.readNamespacedConfigMap({ name: 'absent', namespace })));
say(await refused(() => core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'early' } } })));
say(await refused(() => core.replaceNamespacedConfigMap({ name: 'early', namespace, body: { metadata: { name: 'early', resourceVersion: '1' } } })));
say(await refused(() => custom.listClusterCustomObject({ group: 'nobody.example.com', version: 'v1', plural: 'things' })).catch((error) => error.name));

const gone = await core.deleteNamespacedConfigMap({ name: 'early', namespace });
say('deleted', gone.status);
say('informer', await next());
await informer.stop();
const review = await config.makeApiClient(k8s.AuthorizationV1Api).createSelfSubjectAccessReview(
  { body: { spec: { resourceAttributes: { namespace, verb: 'delete', resource: 'pods' } } } });
say('allowed', review.status.allowed);
const last = await core.deleteNamespace({ name: namespace });
say('namespace', last.status.phase ?? last.status);
