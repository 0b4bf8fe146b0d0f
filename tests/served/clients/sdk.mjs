// A story of the contacts API's official SDK, unchanged but for where its requests go: see docs/SERVE.md.
import assert from 'node:assert/strict';
import { ApiKeyStrategy, createClient } from '@wix/sdk';
import { contacts, extendedFields, labels } from '@wix/crm';

const to = new URL(process.env.CARDFILE_URL);
const here = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : String(input));
  if (url.hostname.endsWith('.wixapis.com')) {
    url.protocol = to.protocol;
    url.host = to.host;
  }
  return fetch(input instanceof Request ? new Request(url, input) : url, init);
};
const client = createClient({
  modules: { contacts, extendedFields, labels },
  auth: ApiKeyStrategy({ apiKey: process.env.CARDFILE_KEY, siteId: '11111111-0000-4000-8000-000000000000' }),
  fetch: here,
});
const job = async (id) => {
  for (;;) {
    const answer = await client.fetchWithAuth(`https://www.wixapis.com/contacts/v4/bulk/jobs/${id}`);
    assert.equal(answer.status, 200);
    const { job } = await answer.json();
    if (job.status === 'COMPLETED') return job;
    await new Promise((done) => setTimeout(done, 20));
  }
};
const code = async (call) => {
  const error = await call.then(() => assert.fail('it is refused'), (error) => error);
  return error.details?.applicationError?.code;
};

// Found, in order, by pages.
const acme = await client.contacts.queryContacts().eq('info.company', 'Acme').ascending('info.name.last').limit(1).find();
assert.equal(acme.items.length, 1);
assert.equal(acme.items[0].info.name.last, 'Ford');
assert.ok(acme.items[0]._createdDate instanceof Date);
const next = await acme.next();
assert.equal(next.items[0].info.name.last, 'Stone');
const one = await client.contacts.getContact(next.items[0]._id);
assert.equal(one.primaryInfo.email, 'ben@one.example');

// Errors carry the service's codes.
assert.equal(await code(client.contacts.bulkDeleteContacts({ filter: { 'info.company': undefined } })), 'NEITHER_FILTER_NOR_SEARCH');
assert.equal(await code(client.contacts.bulkDeleteContacts({ filter: { _id: { $in: undefined } } })), 'MALFORMED_FILTER');
assert.equal(await code(client.contacts.queryContacts().contains('info.company', 'A').find()), 'UNSUPPORTED_FILTER_OPERATOR');
assert.equal(await code(client.contacts.queryContacts().limit(5000).find()), 'ILLEGAL_LIMIT');
assert.equal(await code(client.contacts.getContact('0a1b2c3d-4e5f-8a6b-9c7d-000000000001')), 'CONTACT_NOT_FOUND');

// A bulk delete with a member among them: told at once, polled, its error read, undone.
const emails = ['ben@one.example', 'cy@two.example', 'dora@two.example'];
const filter = { 'primaryInfo.email': { $in: emails } };
const preview = await client.contacts.queryContacts().in('primaryInfo.email', emails).find();
assert.equal(preview.totalCount, 3);
const { jobId } = await client.contacts.bulkDeleteContacts({ filter });
const ended = await job(jobId);
assert.deepEqual([ended.type, ended.totalItems, ended.successTotal, ended.failedTotal], ['DELETE', 3, 2, 1]);
assert.equal(ended.errors[0].error.code, 'CANNOT_DELETE_SITE_MEMBERS');
assert.equal((await client.contacts.queryContacts().find()).totalCount, 3);
const undo = await client.fetchWithAuth(`https://www.wixapis.com/contacts/v4/bulk/jobs/${jobId}/undo`, { method: 'POST' });
assert.equal((await job((await undo.json()).jobId)).successTotal, 2);
assert.equal((await client.contacts.queryContacts().find()).totalCount, 5);

// One contact's life.
const { contact } = await client.contacts.createContact(
  { name: { first: 'Fay', last: 'Lane' }, emails: { items: [{ tag: 'MAIN', email: 'fay@three.example', primary: true }] } },
  { allowDuplicates: false },
);
assert.equal(await code(client.contacts.createContact({ emails: { items: [{ email: 'FAY@three.example' }] } })), 'DUPLICATE_CONTACT_EXISTS');
const updated = await client.contacts.updateContact(contact._id, { jobTitle: 'CTO' }, contact.revision);
assert.equal(updated.contact.info.jobTitle, 'CTO');
assert.equal(await code(client.contacts.updateContact(contact._id, { jobTitle: 'CEO' }, contact.revision)), 'CONTACT_ALREADY_CHANGED');
const { label, newLabel } = await client.labels.findOrCreateLabel('Fair');
assert.ok(newLabel);
const labelled = await client.contacts.labelContact(contact._id, [label.key]);
assert.deepEqual(labelled.contact.info.labelKeys.items, ['Fair']);
const bulk = await client.contacts.bulkLabelAndUnlabelContacts({ filter: { 'info.company': 'Acme' }, labelKeysToAdd: ['Fair'], labelKeysToRemove: [] });
assert.equal((await job(bulk.jobId)).successTotal, 2);
assert.equal((await client.labels.queryLabels().find()).items.find((it) => it.key === 'Fair')?.displayName, 'Fair');
const unlabelled = await client.contacts.unlabelContact(contact._id, ['Fair']);
assert.equal(unlabelled.contact.info.labelKeys?.items?.length ?? 0, 0);
const field = await client.extendedFields.findOrCreateExtendedField({ displayName: 'Size', dataType: 'TEXT' });
assert.equal(field.field.key, 'custom.Size');
const merged = await client.contacts.mergeContacts(one._id, one.revision + 1, { sourceContactIds: [contact._id] }).catch(async () => {
  const now = await client.contacts.getContact(one._id);
  return client.contacts.mergeContacts(one._id, now.revision, { sourceContactIds: [contact._id] });
});
assert.ok(merged.contact.info.emails.items.some((it) => it.email === 'fay@three.example'));
await client.contacts.deleteContact(one._id);
const member = await client.contacts.queryContacts().eq('info.name.last', 'Hill').find();
assert.equal(await code(client.contacts.deleteContact(member.items[0]._id)), 'CANNOT_DELETE_MEMBER');
console.log('sdk: all as told');
