// A story of a JSON-RPC client of the mailing-list API's kind, in both versions of the protocol.
import assert from 'node:assert/strict';
import jayson from 'jayson/promise/index.js';

const { hostname, port } = new URL(process.env.CARDFILE_URL);
for (const version of [1, 2]) {
  const client = jayson.Client.http({ hostname, port, path: '/api/jsonrpcserver?version=3.0', version });
  const call = async (method, ...params) => {
    const answer = await client.request(method, [process.env.CARDFILE_KEY, ...params]);
    return answer.error ? answer.error.code : answer.result;
  };
  const name = `Fair ${version}`;
  const list = await call('addList', { name });
  assert.ok(Number.isInteger(list));
  assert.equal((await call('searchLists', [['name', 'exactly', name]], 100, 0, 'name', 'ASC'))[0].id, list);
  assert.equal(await call('unsubscribeContact', 0, `gone${version}@three.example`), 0);
  const people = ['a', 'b', 'c', 'gone'].map((it) => ({ Email: `${it}${version}@three.example`, 'First Name': it }));
  const ids = await call('addContacts', list, people, false, 2);
  assert.deepEqual(Object.keys(ids), ['0', '1', '2']);
  assert.equal(await call('unsubscribeContact', list, `b${version}@three.example`), list);
  assert.equal(await call('countContacts', list, [['is_unsubscribed', 'exactly', '1']]), 1);
  assert.deepEqual(await call('editContacts', list, [{ id: ids[0], Company: 'Acme' }]), { [ids[0]]: true });
  assert.equal((await call('getContactById', list, ids[0]))[0].Company, 'Acme');
  assert.equal(await call('deleteContacts', list, [], []), 310);
  assert.equal(await call('deleteContacts', 999, [1]), 303);
  assert.equal(await call('nosuch'), 104);
  assert.deepEqual(await call('deleteContacts', list, [], [['Email', 'exactly', `a${version}@three.example`]], 0, 0, null, null), { [ids[0]]: true });
  assert.deepEqual(await call('deleteContacts', list, [ids[1], 999]), { [ids[1]]: true, 999: false });
  assert.equal(await call('clearList', list), true);
  assert.equal(await call('deleteList', list), true);
}
console.log('jayson: all as told');
