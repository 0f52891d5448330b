#include "libs/contract/operator_message.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "libs/contract/endpoint_message.hpp"
#include "libs/contract/object_reader.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/contract/product_row.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/pointer.hpp"
#include "libs/json/writer.hpp"
#include "libs/orders/domain/limits.hpp"

namespace orderflow::contract {
namespace {

constexpr std::string_view source = "orderflow/api";
constexpr std::string_view type_prefix = "orderflow.operator.";
constexpr json::ParseLimits parse_limits{.bytes = message_bytes_max, .depth = 8};
constexpr std::size_t id_max = 128;
constexpr std::size_t traceparent_max = 255;
constexpr std::size_t tenant_max = 64;
constexpr json::Place data_place{.parent = &json::whole_document, .name = "data"};

std::unexpected<Error> malformed(std::string detail) {
    return fail(ErrorKind::invalid_input, "message.malformed", std::move(detail));
}

std::unexpected<Error> malformed(const FieldErrors& errors) {
    const auto& first = errors.reported().front();
    return malformed(first.pointer + ": " + std::string(to_string(first.rule)));
}

struct WriteWish {
    json::Writer& out;

    void operator()(const orders::ActOnLetters& act) const {
        out.key("action").string(to_string(act.action));
        if (act.per_second > 0) out.key("per_second").integer(act.per_second);
        if (!act.selection.numbers.empty()) {
            out.key("numbers").begin_array();
            for (const auto number : act.selection.numbers) out.integer(number);
            out.end_array();
            return;
        }
        out.key("filter").begin_object();
        const auto& filter = act.selection.filter;
        if (filter.code) out.key("code").string(*filter.code);
        if (filter.queue) out.key("queue").string(*filter.queue);
        if (filter.order) out.key("order").string(filter.order->to_string());
        out.end_object();
    }
    void operator()(const orders::StopCommand& stop) const { out.key("command").string(stop.command_id); }
    void operator()(const orders::DirectWorkers& direct) const {
        out.key("action").string(to_string(direct.action));
        if (direct.in_progress_max) out.key("in_progress_max").integer(*direct.in_progress_max);
    }
    void operator()(const orders::ChangeStock& stock) const {
        out.key("sku").string(stock.sku.value());
        out.key(stock.mode == orders::ChangeStock::Mode::set ? "set" : "add").integer(stock.quantity);
    }
    void operator()(const orders::ImportProducts& file) const {
        out.key("import").string(file.import_id).key("part").integer(file.part).key("parts").integer(file.parts);
        out.key("rows").begin_array();
        for (const auto& row : file.rows) write_product_row(out, row);
        out.end_array();
    }
    void operator()(const orders::EditLetter& edit) const {
        out.key("number").integer(edit.number).key("body").string(edit.body);
    }
    void operator()(const orders::EndpointCommand& command) const { write_endpoint_command(out, command); }
    void operator()(const orders::EraseCustomer& customer) const {
        out.key(customer.by == orders::EraseCustomer::By::email ? "email" : "customer_id").string(customer.name);
        if (customer.tenant) out.key("tenant").string(*customer.tenant);
    }
};

struct TypeOf {
    std::string_view operator()(const orders::ActOnLetters&) const { return letters_type; }
    std::string_view operator()(const orders::EditLetter&) const { return edit_letter_type; }
    std::string_view operator()(const orders::ChangeStock&) const { return stock_type; }
    std::string_view operator()(const orders::StopCommand&) const { return stop_type; }
    std::string_view operator()(const orders::ImportProducts&) const { return import_type; }
    std::string_view operator()(const orders::DirectWorkers&) const { return workers_type; }
    std::string_view operator()(const orders::EndpointCommand&) const { return webhook_type; }
    std::string_view operator()(const orders::EraseCustomer&) const { return erase_customer_type; }
};

Result<orders::LetterFilter> read_filter(const json::Value& value, const json::Place& place) {
    FieldErrors errors;
    ObjectReader reader(value, place, errors);
    orders::LetterFilter filter;
    filter.code = reader.exact("code", Presence::optional);
    filter.queue = reader.exact("queue", Presence::optional);
    const auto order = reader.exact("order", Presence::optional);
    reader.finish();
    if (!errors.empty()) return malformed(errors);
    if (!order) return filter;
    filter.order = orders::OrderId::parse(*order);
    if (!filter.order) return malformed("/data/filter/order has not its form.");
    return filter;
}

Result<orders::ActOnLetters> read_action(ObjectReader& data, FieldErrors& errors) {
    const auto name = data.exact("action", Presence::required);
    const auto rate = data.integer("per_second", Presence::optional, 1, orders::limits::letters_per_second_max);
    const auto* numbers = data.member("numbers", Presence::optional);
    const auto* filter = data.member("filter", Presence::optional);
    data.finish();
    if (!errors.empty()) return malformed(errors);
    const auto action = orders::parse_letter_action(*name);
    if (!action || (numbers == nullptr) == (filter == nullptr)) return malformed("/data names no letters.");
    orders::ActOnLetters act{*action, {}, static_cast<std::int32_t>(rate.value_or(0))};
    if (numbers != nullptr) {
        auto list = read_letter_numbers(*numbers);
        if (!list) return malformed("/data/numbers has not its form.");
        act.selection.numbers = *std::move(list);
        return act;
    }
    auto read = read_filter(*filter, data.place_of("filter"));
    if (!read) return fail(std::move(read).error());
    act.selection.filter = *std::move(read);
    return act;
}

Result<orders::EditLetter> read_edit(ObjectReader& data, FieldErrors& errors) {
    const auto number = data.integer("number", Presence::required, 1, std::numeric_limits<std::int64_t>::max());
    auto body = data.exact("body", Presence::required);
    data.finish();
    if (!errors.empty()) return malformed(errors);
    return make_edit(*number, *std::move(body));
}

Result<orders::StopCommand> read_stop(ObjectReader& data, FieldErrors& errors) {
    auto command = data.text("command", Presence::required, {.max = id_max});
    data.finish();
    if (!errors.empty()) return malformed(errors);
    return orders::StopCommand{*std::move(command)};
}

Result<orders::ImportProducts> read_import(ObjectReader& data, FieldErrors& errors) {
    auto import = data.text("import", Presence::required, {.max = id_max});
    const auto part = data.integer("part", Presence::required, 1, std::numeric_limits<std::int32_t>::max());
    const auto parts = data.integer("parts", Presence::required, 1, std::numeric_limits<std::int32_t>::max());
    const auto* list = data.member("rows", Presence::required);
    data.finish();
    const auto* items = list != nullptr ? list->array() : nullptr;
    if (list != nullptr && items == nullptr) return malformed("/data/rows is no list.");
    std::vector<orders::ProductRow> rows;
    const auto place = data.place_of("rows");
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        auto row = read_product_row((*items)[i], {.parent = &place, .index = i, .in_array = true}, errors);
        if (row) rows.push_back(*std::move(row));
    }
    if (!errors.empty()) return malformed(errors);
    return orders::ImportProducts(*std::move(import), static_cast<std::int32_t>(*part),
                                  static_cast<std::int32_t>(*parts), std::move(rows));
}

Result<orders::DirectWorkers> read_workers(ObjectReader& data, FieldErrors& errors) {
    const auto name = data.exact("action", Presence::required);
    const auto most = data.integer("in_progress_max", Presence::optional, 1, orders::limits::workers_in_progress_max);
    data.finish();
    if (!errors.empty()) return malformed(errors);
    const auto action = orders::parse_workers_action(*name);
    if (!action || (most && action != orders::DirectWorkers::Action::limit)) {
        return malformed("/data tells the workers nothing.");
    }
    orders::DirectWorkers direct{.action = *action};
    if (most) direct.in_progress_max = static_cast<std::int32_t>(*most);
    return direct;
}

Result<orders::ChangeStock> read_stock(ObjectReader& data, FieldErrors& errors) {
    constexpr auto most = orders::limits::on_hand_max;
    const auto sku = data.exact("sku", Presence::required);
    const auto set = data.integer("set", Presence::optional, 0, most);
    const auto add = data.integer("add", Presence::optional, -most, most);
    data.finish();
    if (!errors.empty()) return malformed(errors);
    auto parsed = orders::Sku::parse(*sku);
    if (!parsed || set.has_value() == add.has_value()) return malformed("/data names no change of stock.");
    using Mode = orders::ChangeStock::Mode;
    return orders::ChangeStock(*std::move(parsed), set ? Mode::set : Mode::add, set ? *set : *add);
}

Result<orders::EraseCustomer> read_erasure(ObjectReader& data, FieldErrors& errors) {
    auto email = data.text("email", Presence::optional, {.min = 3, .max = orders::limits::email_max});
    auto id = data.text("customer_id", Presence::optional, {.max = orders::limits::customer_id_max});
    auto tenant = data.text("tenant", Presence::optional, {.max = tenant_max});
    data.finish();
    if (!errors.empty()) return malformed(errors);
    if (email.has_value() == id.has_value()) return malformed("/data names no customer.");
    using By = orders::EraseCustomer::By;
    return orders::EraseCustomer(email ? By::email : By::id, email ? *std::move(email) : *std::move(id),
                                 std::move(tenant));
}

template <class Wish>
Result<orders::OperatorCommand> command_of(std::string id, Result<Wish> wish, WallTime at) {
    if (!wish) return fail(std::move(wish).error());
    return orders::OperatorCommand(std::move(id), *std::move(wish), at);
}

}  // namespace

std::string encode_operator_command(const orders::OperatorCommand& command,
                                    std::optional<std::string_view> traceparent) {
    json::Writer out;
    out.begin_object().key("specversion").string("1.0").key("id").string(command.id).key("source").string(source);
    out.key("type").string(std::visit(TypeOf{}, command.wish));
    out.key("time").string(to_timestamp(command.requested_at));
    if (traceparent) out.key("traceparent").string(*traceparent);
    out.key("data").begin_object().key("by").string(command.by);
    if (!command.reason.empty()) out.key("reason").string(command.reason);
    std::visit(WriteWish{out}, command.wish);
    out.end_object().end_object();
    return std::move(out).take();
}

bool is_operator_message(std::string_view body) {
    const auto event = json::parse(body, parse_limits);
    const auto* type = event ? event->find("type") : nullptr;
    return type != nullptr && type->string() != nullptr && type->string()->starts_with(type_prefix);
}

Result<orders::OperatorCommand> decode_operator_message(std::string_view body) {
    const auto event = json::parse(body, parse_limits);
    if (!event) return malformed(event.error().code());
    if (!json::duplicate_members(*event).empty()) return malformed("A member stands there twice.");
    FieldErrors errors;
    ObjectReader reader(*event, json::whole_document, errors);
    const auto version = reader.exact("specversion", Presence::required);
    const auto from = reader.exact("source", Presence::required);
    auto id = reader.text("id", Presence::required, {.max = id_max});
    const auto type = reader.exact("type", Presence::required);
    const auto time = reader.exact("time", Presence::required);
    (void)reader.text("traceparent", Presence::optional, {.max = traceparent_max});
    const auto* data = reader.member("data", Presence::required);
    reader.finish();
    if (!errors.empty()) return malformed(errors);
    if (version != "1.0" || from != source) return malformed("It is no event of ours.");
    const auto at = parse_timestamp(*time);
    if (!at) return malformed("time has not its form.");
    ObjectReader content(*data, data_place, errors);
    auto by = content.exact("by", Presence::required);
    auto reason = content.exact("reason", Presence::optional);
    auto command = [&]() -> Result<orders::OperatorCommand> {
        if (*type == letters_type) return command_of(*std::move(id), read_action(content, errors), *at);
        if (*type == stop_type) return command_of(*std::move(id), read_stop(content, errors), *at);
        if (*type == import_type) return command_of(*std::move(id), read_import(content, errors), *at);
        if (*type == workers_type) return command_of(*std::move(id), read_workers(content, errors), *at);
        if (*type == stock_type) return command_of(*std::move(id), read_stock(content, errors), *at);
        if (*type == erase_customer_type) return command_of(*std::move(id), read_erasure(content, errors), *at);
        if (*type == edit_letter_type) return command_of(*std::move(id), read_edit(content, errors), *at);
        if (*type == webhook_type) {
            return command_of(*std::move(id), read_endpoint_command(content, errors), *at);
        }
        return fail(ErrorKind::invalid_input, "message.unknown_type", "There is no handler for this type of message.");
    }();
    if (!command) return command;
    command->by = *std::move(by);
    command->reason = std::move(reason).value_or("");
    return command;
}

Result<void> check_message(std::string_view body) {
    if (is_operator_message(body)) {
        const auto command = decode_operator_message(body);
        if (!command) return fail(command.error());
        return {};
    }
    const auto message = decode_message(body);
    if (!message) return fail(message.error());
    return {};
}

Result<orders::EditLetter> make_edit(std::int64_t number, std::string body) {
    orders::EditLetter edit(number, std::move(body));
    if (is_operator_message(edit.body)) {
        if (auto read = check_message(edit.body); !read) return fail(std::move(read).error());
        return edit;
    }
    const auto message = decode_message(edit.body);
    if (!message) return fail(message.error());
    if (const auto* place = std::get_if<orders::PlaceOrder>(&message->command)) edit.places = place->id;
    return edit;
}

std::optional<std::vector<std::int64_t>> read_letter_numbers(const json::Value& value) {
    const auto* items = value.array();
    if (items == nullptr || items->empty() || items->size() > orders::limits::letters_selected_max) return std::nullopt;
    std::vector<std::int64_t> numbers;
    for (const auto& item : *items) {
        const auto text = item.number();
        const auto number = text ? text->to_int64() : Result<std::int64_t>(0);
        if (!number || *number < 1) return std::nullopt;
        numbers.push_back(*number);
    }
    std::ranges::sort(numbers);
    const auto twice = std::ranges::unique(numbers);
    numbers.erase(twice.begin(), twice.end());
    return numbers;
}

}  // namespace orderflow::contract
