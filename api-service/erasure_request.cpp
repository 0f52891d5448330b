#include "api-service/erasure_request.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "api-service/api_key.hpp"
#include "libs/contract/object_reader.hpp"
#include "libs/contract/text_rules.hpp"
#include "libs/json/pointer.hpp"
#include "libs/orders/domain/limits.hpp"

namespace orderflow::api {
namespace {

using contract::ObjectReader;
using contract::Presence;
using contract::Rule;

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<std::string> read_email(ObjectReader& reader) {
    auto email = reader.text("email", Presence::optional, {.min = 3, .max = orders::limits::email_max});
    if (email && !contract::is_email(*email)) {
        reader.report("email", Rule::invalid_format, "Must be an e-mail address.");
    }
    return email;
}

std::optional<std::string> read_tenant(ObjectReader& reader) {
    auto tenant = reader.exact("tenant", Presence::optional);
    if (tenant && !is_tenant(*tenant)) {
        reader.report("tenant", Rule::invalid_format, "Must be 1 to 64 characters a-z, 0-9, '-' and '_'.");
    }
    return tenant;
}

bool holds(std::string_view text, std::string_view name) {
    return !std::ranges::search(text, name, {}, folded, folded).empty();
}

// The audit record keeps both for good.
contract::OperatorNote read_note(ObjectReader& reader, std::string_view customer) {
    contract::OperatorNote note;
    note.by = reader.text("by", Presence::optional, {.max = orders::limits::operator_name_max}).value_or("operator");
    note.reason = reader.text("reason", Presence::required, {.max = orders::limits::operator_reason_max}).value_or("");
    if (customer.empty()) return note;
    if (holds(note.reason, customer)) {
        reader.report("reason", Rule::invalid_format,
                      "May not name the customer: the reason is kept. Name the request.");
    }
    if (holds(note.by, customer)) {
        reader.report("by", Rule::invalid_format, "May not name the customer: it is kept. Name the operator.");
    }
    return note;
}

}  // namespace

std::expected<ErasureRequest, contract::FieldErrors> read_erasure_request(const json::Value& body) {
    using By = orders::EraseCustomer::By;
    contract::FieldErrors errors;
    for (auto& pointer : json::duplicate_members(body)) {
        errors.add(std::move(pointer), Rule::duplicate_key, "The member stands here twice.");
    }
    ObjectReader reader(body, json::whole_document, errors);
    ErasureRequest request{orders::EraseCustomer(By::email, ""), {}};
    if (reader.is_object()) {
        const bool by_email = reader.member("email", Presence::optional) != nullptr;
        const bool by_id = reader.member("customer_id", Presence::optional) != nullptr;
        const auto email = read_email(reader);
        const auto id = reader.text("customer_id", Presence::optional, {.max = orders::limits::customer_id_max});
        request.customer.tenant = read_tenant(reader);
        request.note = read_note(reader, by_id ? id.value_or("") : email.value_or(""));
        if (by_email == by_id) {
            reader.report(by_email ? "customer_id" : "email", by_email ? Rule::unknown_field : Rule::required,
                          by_email ? "May not stand beside email." : "Must be there, or else customer_id.");
        }
        request.customer.by = by_id ? By::id : By::email;
        request.customer.name = by_id ? id.value_or("") : email.value_or("");
        if (by_id && !request.customer.tenant) request.customer.tenant = orders::default_tenant;
        reader.finish();
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return request;
}

}  // namespace orderflow::api
