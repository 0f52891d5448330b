#include "libs/storage/sqlite/command_rows.hpp"

#include "libs/sqlite/errors.hpp"

namespace orderflow::storage {

namespace {

Result<void> done(const Result<std::int64_t>& ran) {
    if (!ran) return fail(ran.error());
    return {};
}

}  // namespace

Result<CommandRows> CommandRows::prepare(sqlite::Database& database) {
    CommandRows rows;
    auto prepared = database.prepare_all({
        {&rows.select_intent_, "SELECT record FROM cancel_intents WHERE id = ?1"},
        {&rows.insert_intent_, "INSERT OR IGNORE INTO cancel_intents VALUES (?1, ?2)"},
        {&rows.delete_intent_, "DELETE FROM cancel_intents WHERE id = ?1"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return rows;
}

Result<std::optional<orders::CancelIntent>> CommandRows::intent(const orders::OrderId& id) {
    auto cursor = select_intent_.query(sqlite::Blob(id.bytes()));
    const auto there = cursor.next();
    if (!there) return fail(there.error());
    if (!*there) return std::nullopt;
    auto intent = decode_intent(id, cursor.blob(0));
    if (!intent) return fail(sqlite::corrupt("cancel_intents, order " + id.to_string()));
    return intent;
}

Result<void> CommandRows::keep_intent(const orders::OrderId& id, const orders::CancelIntent& intent) {
    const auto record = encode_intent(id, intent);
    return done(insert_intent_.run(sqlite::Blob(id.bytes()), sqlite::as_blob(record)));
}

Result<void> CommandRows::drop_intent(const orders::OrderId& id) {
    return done(delete_intent_.run(sqlite::Blob(id.bytes())));
}

}  // namespace orderflow::storage
