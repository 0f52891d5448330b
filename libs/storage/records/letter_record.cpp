#include "libs/storage/records/letter_record.hpp"

#include <utility>

#include "libs/sqlite/statement.hpp"
#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint8_t first_letter_format = 1;
constexpr std::uint8_t letter_format = 2;
constexpr std::uint8_t command_format = 1;

}  // namespace

std::string encode_letter(const orders::StoredDeadLetter& stored) {
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
    out.byte(std::to_underlying(stored.state));
    out.text(stored.changed_by);
    out.time(stored.changed_at);
    out.optional_text(stored.original_body);
    return std::move(out).sealed(sqlite::as_blob(letter.message_id));
}

std::optional<orders::StoredDeadLetter> decode_letter(std::int64_t number, std::string_view message_id, Bytes record) {
    const bool is_first = !record.empty() && std::to_integer<std::uint8_t>(record[0]) == first_letter_format;
    ByteReader in(record, sqlite::as_blob(message_id), is_first ? first_letter_format : letter_format);
    std::string queue(in.text());
    std::string body(in.text());
    orders::DeadLetter letter(std::string(message_id), std::move(queue), std::move(body), std::string(in.text()));
    letter.detail = in.text();
    letter.receive_count = static_cast<std::uint32_t>(in.natural());
    letter.sent_at = in.time();
    std::optional<orders::OrderId> order;
    if (in.flag()) order.emplace(in.raw<orders::OrderId::size>());
    orders::StoredDeadLetter stored(number, std::move(letter), in.time());
    stored.order = order;
    if (!is_first) {
        stored.state = static_cast<orders::LetterState>(in.limited(orders::letter_state_count));
        stored.changed_by = in.text();
        stored.changed_at = in.time();
        stored.original_body = in.optional_text();
    }
    if (!in.finished()) return std::nullopt;
    return stored;
}

std::string encode_command(const orders::CommandRecord& command) {
    ByteWriter out(command_format);
    out.text(command.action);
    out.text(command.target);
    out.text(command.by);
    out.text(command.reason);
    out.time(command.requested_at);
    out.time(command.started_at);
    out.optional(command.finished_at, [&](WallTime at) { out.time(at); });
    out.byte(std::to_underlying(command.state));
    out.integer(command.changed);
    out.integer(command.skipped);
    out.integer(command.through);
    out.integer(command.bound);
    out.text(command.code);
    out.text(command.detail);
    return std::move(out).sealed(sqlite::as_blob(command.id));
}

std::optional<orders::CommandRecord> decode_command(std::int64_t number, std::string_view id, Bytes record) {
    ByteReader in(record, sqlite::as_blob(id), command_format);
    std::string action(in.text());
    std::string target(in.text());
    orders::CommandRecord command(std::string(id), std::move(action), std::move(target), {}, {});
    command.number = number;
    command.by = in.text();
    command.reason = in.text();
    command.requested_at = in.time();
    command.started_at = in.time();
    if (in.flag()) command.finished_at = in.time();
    command.state = static_cast<orders::CommandState>(in.limited(orders::command_state_count));
    command.changed = in.integer();
    command.skipped = in.integer();
    command.through = in.integer();
    command.bound = in.integer();
    command.code = in.text();
    command.detail = in.text();
    if (!in.finished()) return std::nullopt;
    return command;
}

std::int64_t matched_of(const orders::CommandRecord& command) noexcept {
    if (command.action == orders::unknown_action) return not_begun_matched;
    return command.matched.value_or(none_matched);
}

void set_matched(orders::CommandRecord& command, std::int64_t column) noexcept {
    if (column >= 0) command.matched = column;
}

}  // namespace orderflow::storage
