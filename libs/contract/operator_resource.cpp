#include "libs/contract/operator_resource.hpp"

#include "libs/contract/operator_message.hpp"
#include "libs/contract/order_resource.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::contract {
namespace {

using json::Writer;
using orders::StoredDeadLetter;

std::string letter_path(std::int64_t number) { return "/v1/admin/dead-letters/" + std::to_string(number); }

void write_summary(Writer& out, const StoredDeadLetter& stored) {
    const auto& letter = stored.letter;
    out.key("number").integer(stored.number).key("state").string(to_string(stored.state));
    out.key("code").string(letter.code).key("detail").string(letter.detail).key("queue").string(letter.queue);
    if (stored.order) out.key("order").string(stored.order->to_string());
    out.key("message_id").string(letter.message_id).key("receive_count").integer(letter.receive_count);
    out.key("sent_at").string(to_timestamp(letter.sent_at)).key("kept_at").string(to_timestamp(stored.at));
    out.key("body_bytes").integer(static_cast<std::int64_t>(letter.body.size()));
    out.key("edited").boolean(stored.original_body.has_value());
    if (!stored.changed_by.empty()) {
        out.key("changed_at").string(to_timestamp(stored.changed_at));
        out.key("changed_by").string(stored.changed_by);
    }
    out.key("links").begin_object().key("self").string(letter_path(stored.number));
    if (stored.order) out.key("order").string(order_path(*stored.order));
    if (!stored.changed_by.empty()) out.key("command").string(command_path(stored.changed_by));
    out.end_object();
}

void write_list(Writer& out, const std::vector<StoredDeadLetter>& letters, bool has_more) {
    out.key("data").begin_array();
    for (const auto& letter : letters) {
        out.begin_object();
        write_summary(out, letter);
        out.end_object();
    }
    out.end_array().key("has_more").boolean(has_more);
}

void write_command(Writer& out, const orders::CommandRecord& command) {
    out.begin_object().key("id").string(command.id).key("action").string(command.action);
    out.key("target").string(command.target).key("by").string(command.by).key("reason").string(command.reason);
    out.key("state").string(to_string(command.state));
    out.key("requested_at").string(to_timestamp(command.requested_at));
    out.key("started_at").string(to_timestamp(command.started_at));
    if (command.finished_at) out.key("finished_at").string(to_timestamp(*command.finished_at));
    if (command.matched) out.key("count").integer(*command.matched);
    out.key("changed").integer(command.changed).key("skipped").integer(command.skipped);
    if (!command.code.empty()) {
        out.key("failure").begin_object().key("code").string(command.code);
        out.key("detail").string(command.detail).end_object();
    } else if (!command.detail.empty()) {
        out.key("result").string(command.detail);
    }
    out.key("links").begin_object().key("self").string(command_path(command.id)).end_object().end_object();
}

}  // namespace

std::string command_path(std::string_view id) { return "/v1/admin/audit/" + std::string(id); }

std::string encode_letters(const std::vector<StoredDeadLetter>& letters, bool has_more) {
    Writer out;
    out.begin_object();
    write_list(out, letters, has_more);
    out.end_object();
    return std::move(out).take();
}

std::string encode_letter(const StoredDeadLetter& letter) {
    Writer out;
    out.begin_object();
    write_summary(out, letter);
    out.key("body").string(letter.letter.body);
    if (letter.original_body) out.key("original_body").string(*letter.original_body);
    const auto readable = check_message(letter.letter.body);
    out.key("readable").boolean(readable.has_value());
    if (!readable) out.key("unreadable_because").string(readable.error().detail());
    out.end_object();
    return std::move(out).take();
}

std::string encode_letter_groups(const std::vector<orders::LetterGroup>& groups) {
    Writer out;
    out.begin_object().key("data").begin_array();
    for (const auto& group : groups) {
        out.begin_object().key("queue").string(group.queue).key("code").string(group.code);
        out.key("count").integer(group.count);
        out.key("first").begin_object().key("number").integer(group.first);
        out.key("kept_at").string(to_timestamp(group.first_at)).end_object();
        out.key("last").begin_object().key("number").integer(group.last);
        out.key("kept_at").string(to_timestamp(group.last_at)).end_object().end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

std::string encode_dry_run(const std::vector<StoredDeadLetter>& letters, bool has_more, std::int64_t count) {
    Writer out;
    out.begin_object().key("dry_run").boolean(true);
    write_list(out, letters, has_more);
    out.key("count").integer(count);
    out.end_object();
    return std::move(out).take();
}

std::string encode_stock(const std::vector<orders::ShelfItem>& items) {
    Writer out;
    out.begin_object().key("data").begin_array();
    for (const auto& [product, stock] : items) {
        out.begin_object().key("sku").string(product.sku.value()).key("name").string(product.name);
        out.key("on_hand").integer(stock.on_hand).key("reserved").integer(stock.reserved);
        out.key("available").integer(stock.available()).end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

namespace {

void write_accepted(Writer& out, const orders::OperatorCommand& command) {
    out.begin_object().key("id").string(command.id).key("status").string("accepted");
    out.key("action").string(action_of(command)).key("target").string(target_of(command));
    out.key("links").begin_object().key("self").string(command_path(command.id)).end_object().end_object();
}

}  // namespace

std::string encode_command_accepted(const orders::OperatorCommand& command) {
    Writer out;
    write_accepted(out, command);
    return std::move(out).take();
}

std::string encode_import_accepted(std::string_view import, std::size_t rows,
                                   const std::vector<orders::OperatorCommand>& parts) {
    Writer out;
    out.begin_object().key("import").string(import).key("rows").integer(static_cast<std::int64_t>(rows));
    out.key("parts").begin_array();
    for (const auto& part : parts) write_accepted(out, part);
    out.end_array().end_object();
    return std::move(out).take();
}

std::string encode_command(const orders::CommandRecord& command) {
    Writer out;
    write_command(out, command);
    return std::move(out).take();
}

std::string encode_commands(const std::vector<orders::CommandRecord>& commands, bool has_more) {
    Writer out;
    out.begin_object().key("data").begin_array();
    for (const auto& command : commands) write_command(out, command);
    out.end_array().key("has_more").boolean(has_more).end_object();
    return std::move(out).take();
}

}  // namespace orderflow::contract
