#include "libs/contract/operator_request.hpp"

#include <utility>

#include "libs/contract/object_reader.hpp"
#include "libs/contract/operator_message.hpp"
#include "libs/json/pointer.hpp"

namespace orderflow::contract {
namespace {

constexpr std::size_t code_max = 100;
constexpr std::size_t queue_max = 80;  // as on Amazon SQS

void report_duplicates(const json::Value& body, FieldErrors& errors) {
    for (auto& pointer : json::duplicate_members(body)) {
        errors.add(std::move(pointer), Rule::duplicate_key, "The member stands here twice.");
    }
}

OperatorNote read_note(ObjectReader& reader, Presence reason = Presence::optional) {
    OperatorNote note;
    note.by = reader.text("by", Presence::optional, {.max = orders::limits::operator_name_max})
                  .value_or(orders::default_operator);
    note.reason = reader.text("reason", reason, {.max = orders::limits::operator_reason_max}).value_or("");
    return note;
}

bool read_dry_run(ObjectReader& reader) {
    const auto* value = reader.member("dry_run", Presence::optional);
    if (value == nullptr) return false;
    const auto wanted = value->boolean();
    if (!wanted) reader.report("dry_run", Rule::wrong_type, "Must be true or false.");
    return wanted.value_or(false);
}

orders::LetterFilter read_filter(const json::Value& value, json::Place place, FieldErrors& errors) {
    ObjectReader reader(value, place, errors);
    orders::LetterFilter filter;
    filter.code = reader.text("code", Presence::optional, {.max = code_max});
    filter.queue = reader.text("queue", Presence::optional, {.max = queue_max});
    if (const auto order = reader.exact("order", Presence::optional)) {
        filter.order = orders::OrderId::parse(*order);
        if (!filter.order) reader.report("order", Rule::invalid_format, "Must be the id of an order.");
    }
    reader.finish();
    return filter;
}

void read_selection(ObjectReader& reader, orders::LetterSelection& selection, FieldErrors& errors) {
    const auto* numbers = reader.member("numbers", Presence::optional);
    const auto* filter = reader.member("filter", Presence::optional);
    if (filter != nullptr) selection.filter = read_filter(*filter, reader.place_of("filter"), errors);
    if (numbers != nullptr) {
        auto list = read_letter_numbers(*numbers);
        if (list) selection.numbers = *std::move(list);
        if (selection.numbers.empty()) {
            reader.report("numbers", Rule::invalid_format, "Must be a list of 1 to 1000 numbers of dead letters.");
        }
    }
    if (numbers == nullptr && filter == nullptr) {
        reader.report("numbers", Rule::required, "Must be there, or else a filter.");
    } else if (numbers != nullptr && filter != nullptr) {
        reader.report("filter", Rule::unknown_field, "May not stand beside numbers.");
    }
}

}  // namespace

std::expected<LettersRequest, FieldErrors> read_letters_request(const json::Value& body) {
    FieldErrors errors;
    report_duplicates(body, errors);
    ObjectReader reader(body, json::whole_document, errors);
    LettersRequest request;
    if (reader.is_object()) {
        request.note = read_note(reader);
        request.dry_run = read_dry_run(reader);
        const auto rate = reader.integer("per_second", Presence::optional, 1, orders::limits::letters_per_second_max);
        request.per_second = static_cast<std::int32_t>(rate.value_or(0));
        read_selection(reader, request.selection, errors);
        reader.finish();
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return request;
}

std::expected<LettersRequest, FieldErrors> read_letter_request(const json::Value& body, std::int64_t number) {
    FieldErrors errors;
    report_duplicates(body, errors);
    ObjectReader reader(body, json::whole_document, errors);
    LettersRequest request;
    if (reader.is_object()) {
        request.note = read_note(reader);
        request.dry_run = read_dry_run(reader);
        reader.finish();
    }
    request.selection.numbers = {number};
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return request;
}

std::expected<EditRequest, FieldErrors> read_edit_request(const json::Value& body) {
    FieldErrors errors;
    report_duplicates(body, errors);
    ObjectReader reader(body, json::whole_document, errors);
    EditRequest request;
    if (reader.is_object()) {
        request.note = read_note(reader);
        auto text = reader.exact("body", Presence::required);
        if (text && text->size() > edited_bytes_max) {
            reader.report("body", Rule::too_long, "May have 102400 bytes.");
        }
        request.body = std::move(text).value_or("");
        reader.finish();
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return request;
}

std::expected<OperatorNote, FieldErrors> read_note_request(const json::Value& body) {
    FieldErrors errors;
    report_duplicates(body, errors);
    ObjectReader reader(body, json::whole_document, errors);
    OperatorNote note;
    if (reader.is_object()) {
        note = read_note(reader);
        reader.finish();
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return note;
}

std::expected<StockRequest, FieldErrors> read_stock_request(const json::Value& body) {
    constexpr auto most = orders::limits::on_hand_max;
    FieldErrors errors;
    report_duplicates(body, errors);
    ObjectReader reader(body, json::whole_document, errors);
    StockRequest request;
    if (reader.is_object()) {
        request.note = read_note(reader, Presence::required);
        const bool counted = reader.member("set", Presence::optional) != nullptr;
        const bool moved = reader.member("add", Presence::optional) != nullptr;
        if (counted == moved) {
            reader.report(counted ? "add" : "set", counted ? Rule::unknown_field : Rule::required,
                          counted ? "May not stand beside set." : "Must be there, or else add.");
        }
        request.mode = counted ? orders::ChangeStock::Mode::set : orders::ChangeStock::Mode::add;
        const auto set = reader.integer("set", Presence::optional, 0, most);
        const auto add = reader.integer("add", Presence::optional, -most, most);
        request.quantity = set.value_or(add.value_or(0));
        reader.finish();
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return request;
}

std::expected<WorkersLimitRequest, FieldErrors> read_workers_limit_request(const json::Value& body) {
    FieldErrors errors;
    report_duplicates(body, errors);
    ObjectReader reader(body, json::whole_document, errors);
    WorkersLimitRequest request;
    if (reader.is_object()) {
        request.note = read_note(reader);
        const auto* most = reader.member("in_progress_max", Presence::required);
        if (most != nullptr && !most->is_null()) {
            const auto number =
                reader.integer("in_progress_max", Presence::required, 1, orders::limits::workers_in_progress_max);
            request.in_progress_max = static_cast<std::int32_t>(number.value_or(1));
        }
        reader.finish();
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return request;
}

}  // namespace orderflow::contract
