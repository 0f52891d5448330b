#include "libs/payments/payment_ledger.hpp"

#include <array>
#include <cstring>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/sqlite/crc32c.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/migrations.hpp"

namespace orderflow::payments {
namespace {

using orders::EffectState;

constexpr std::int32_t application_id = 0x4F465041;  // "OFPA"
constexpr std::uint32_t crc_seed_of_format_1 = 1;

constexpr std::array migrations{
    sqlite::Migration{"CREATE TABLE effects ("
                      "  number INTEGER PRIMARY KEY,"
                      "  key TEXT NOT NULL UNIQUE,"
                      "  kind INTEGER NOT NULL CHECK (kind IN (0, 1)),"
                      "  order_id BLOB NOT NULL CHECK (length(order_id) = 16),"
                      "  amount INTEGER NOT NULL CHECK (amount > 0),"
                      "  currency TEXT NOT NULL,"
                      "  at_ms INTEGER NOT NULL,"
                      "  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),"
                      "  code TEXT NOT NULL,"
                      "  reference TEXT,"
                      "  calls INTEGER NOT NULL,"
                      "  crc INTEGER NOT NULL"
                      ") STRICT;"
                      // Few charges have one: an index of all rows would cost each charge a page.
                      "CREATE UNIQUE INDEX effects_by_reference ON effects (reference) WHERE reference IS NOT NULL;"}};

constexpr std::string_view columns =
    "number, key, kind, order_id, amount, currency, at_ms, state, code, reference, calls, crc";

void put(std::string& out, std::int64_t value) {
    std::array<char, sizeof(value)> bytes{};
    std::memcpy(bytes.data(), &value, sizeof(value));
    out.append(bytes.data(), bytes.size());
}

void put(std::string& out, std::string_view text) {
    put(out, static_cast<std::int64_t>(text.size()));
    out += text;
}

std::uint32_t crc_of(const ProviderEffect& effect) {
    std::string row;
    put(row, effect.key.value);
    put(row, static_cast<std::int64_t>(effect.kind));
    put(row, sqlite::as_text(effect.order.bytes()));
    put(row, effect.amount.minor);
    put(row, effect.amount.currency.code());
    put(row, to_unix_ms(effect.at));
    put(row, static_cast<std::int64_t>(effect.state));
    put(row, effect.code);
    put(row, static_cast<std::int64_t>(effect.reference.has_value()));
    put(row, effect.reference.value_or(std::string()));
    put(row, effect.calls);
    return sqlite::crc32c(sqlite::as_blob(row), crc_seed_of_format_1);
}

Result<ProviderEffect> read(const sqlite::Cursor& row) {
    auto damaged = [&] { return fail(sqlite::corrupt("effects " + std::to_string(row.integer(0)))); };
    const auto id = row.blob(3);
    const auto currency = orders::Currency::parse(row.text(5));
    if (id.size() != orders::OrderId::size || !currency) return damaged();
    orders::OrderId::Bytes bytes{};
    std::memcpy(bytes.data(), id.data(), bytes.size());
    ProviderEffect effect(orders::EffectKey{std::string(row.text(1))}, static_cast<EffectKind>(row.integer(2)),
                          orders::OrderId(bytes), orders::Money(row.integer(4), *currency),
                          from_unix_ms(row.integer(6)));
    effect.number = row.integer(0);
    effect.state = static_cast<EffectState>(row.integer(7));
    effect.code = row.text(8);
    if (!row.is_null(9)) effect.reference = std::string(row.text(9));
    effect.calls = row.integer(10);
    if (safeguard(Safeguard::payment_checksum) && row.integer(11) != crc_of(effect)) return damaged();
    return effect;
}

Result<std::optional<ProviderEffect>> read_one(sqlite::Cursor cursor) {
    auto row = cursor.next();
    if (!row) return fail(std::move(row).error());
    if (!*row) return std::nullopt;
    auto effect = read(cursor);
    if (!effect) return fail(std::move(effect).error());
    return *std::move(effect);
}

}  // namespace

Result<PaymentLedger> PaymentLedger::open(const std::string& path, const std::string& vfs) {
    auto lock = sqlite::DataDirLock::acquire(path + ".lock");
    if (!lock) return fail(std::move(lock).error());
    sqlite::OpenOptions options;
    options.vfs = vfs;
    options.cache_kib = 1024;
    options.synced = safeguard(Safeguard::payment_sync);
    auto database = sqlite::Database::open(path, options);
    if (!database) return fail(std::move(database).error());
    if (auto done = sqlite::migrate(*database, application_id, migrations); !done) return fail(std::move(done).error());
    PaymentLedger ledger(*std::move(lock), std::make_unique<sqlite::Database>(*std::move(database)));
    if (auto prepared = ledger.prepare(); !prepared) return fail(std::move(prepared).error());
    return ledger;
}

Result<void> PaymentLedger::prepare() {
    const auto last = database_->query_int("SELECT coalesce(max(number), 0) FROM effects");
    if (!last) return fail(last.error());
    last_number_ = *last;
    const auto select = "SELECT " + std::string(columns) + " FROM effects ";
    return database_->prepare_all(
        {{&sql_.find, select + "WHERE key = ?1"},
         {&sql_.by_reference, select + "WHERE reference = ?1"},
         {&sql_.insert, "INSERT INTO effects (" + std::string(columns) +
                            ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"},
         {&sql_.update,
          "UPDATE effects SET state = ?2, code = ?3, reference = ?4, calls = ?5, crc = ?6 WHERE number = ?1"},
         {&sql_.list, select + "WHERE number > ?1 ORDER BY number LIMIT ?2"}});
}

Result<sqlite::Transaction> PaymentLedger::begin() { return sqlite::Transaction::begin(*database_); }

Result<std::optional<ProviderEffect>> PaymentLedger::find(const orders::EffectKey& key) {
    return read_one(sql_.find.query(std::string_view(key.value)));
}

Result<std::optional<ProviderEffect>> PaymentLedger::captured_by_reference(const std::string& reference) {
    return read_one(sql_.by_reference.query(std::string_view(reference)));
}

Result<void> PaymentLedger::save(ProviderEffect& effect) {
    const std::optional<std::string_view> reference = effect.reference;
    if (effect.number != 0) {
        auto changed = sql_.update.run(effect.number, static_cast<std::int64_t>(effect.state),
                                       std::string_view(effect.code), reference, effect.calls, crc_of(effect));
        if (!changed) return fail(std::move(changed).error());
        return {};
    }
    effect.number = ++last_number_;
    auto inserted =
        sql_.insert.run(effect.number, std::string_view(effect.key.value), static_cast<std::int64_t>(effect.kind),
                        sqlite::Blob(effect.order.bytes()), effect.amount.minor, effect.amount.currency.code(),
                        to_unix_ms(effect.at), static_cast<std::int64_t>(effect.state), std::string_view(effect.code),
                        reference, effect.calls, crc_of(effect));
    if (!inserted) return fail(std::move(inserted).error());
    return {};
}

Result<std::vector<ProviderEffect>> PaymentLedger::list(std::int64_t after, std::uint32_t limit) {
    std::vector<ProviderEffect> effects;
    auto cursor = sql_.list.query(after, limit);
    for (;;) {
        auto row = cursor.next();
        if (!row) return fail(std::move(row).error());
        if (!*row) return effects;
        auto effect = read(cursor);
        if (!effect) return fail(std::move(effect).error());
        effects.push_back(*std::move(effect));
    }
}

Result<void> scan_ledger(const std::string& path, const std::function<void(const ProviderEffect&)>& visit) {
    auto database = sqlite::open_at_rest(path, application_id, migrations);
    if (!database) return fail(std::move(database).error());
    auto select = database->prepare("SELECT " + std::string(columns) + " FROM effects ORDER BY number");
    if (!select) return fail(std::move(select).error());
    auto cursor = select->query();
    for (;;) {
        const auto row = cursor.next();
        if (!row) return fail(row.error());
        if (!*row) return {};
        const auto effect = read(cursor);
        if (!effect) return fail(effect.error());
        visit(*effect);
    }
}

}  // namespace orderflow::payments
