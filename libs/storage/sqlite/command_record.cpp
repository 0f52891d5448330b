#include "libs/storage/sqlite/command_record.hpp"

#include <utility>

#include "libs/sqlite/statement.hpp"
#include "libs/storage/sqlite/bytes.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint8_t intent_format = 1;
constexpr std::uint8_t letter_format = 1;

}  // namespace

std::string encode_intent(const orders::OrderId& id, const orders::CancelIntent& intent) {
    ByteWriter out(intent_format);
    out.text(intent.command_id);
    out.text(intent.reason);
    out.time(intent.requested_at);
    return std::move(out).sealed(id.bytes());
}

std::optional<orders::CancelIntent> decode_intent(const orders::OrderId& id, Bytes record) {
    ByteReader in(record, id.bytes(), intent_format);
    std::string command(in.text());
    std::string reason(in.text());
    orders::CancelIntent intent(std::move(command), std::move(reason), in.time());
    if (!in.finished()) return std::nullopt;
    return intent;
}

std::string encode_letter(const StoredLetter& stored) {
    const auto& letter = stored.letter;
    ByteWriter out(letter_format);
    out.text(letter.queue);
    out.text(letter.body);
    out.text(letter.code);
    out.text(letter.detail);
    out.natural(letter.receive_count);
    out.time(letter.sent_at);
    out.optional(stored.order, [&](const orders::OrderId& id) { out.raw(id.bytes()); });
    out.time(stored.at);
    return std::move(out).sealed(sqlite::as_blob(letter.message_id));
}

std::optional<StoredLetter> decode_letter(std::string_view message_id, Bytes record) {
    ByteReader in(record, sqlite::as_blob(message_id), letter_format);
    std::string queue(in.text());
    std::string body(in.text());
    orders::DeadLetter letter(std::string(message_id), std::move(queue), std::move(body), std::string(in.text()));
    letter.detail = in.text();
    letter.receive_count = static_cast<std::uint32_t>(in.natural());
    letter.sent_at = in.time();
    std::optional<orders::OrderId> order;
    if (in.flag()) order.emplace(in.raw<orders::OrderId::size>());
    StoredLetter stored(std::move(letter), order, in.time());
    if (!in.finished()) return std::nullopt;
    return stored;
}

}  // namespace orderflow::storage
