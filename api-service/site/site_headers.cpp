#include "api-service/site/site_headers.hpp"

#include <algorithm>
#include <stdexcept>

#include "libs/json/parse.hpp"
#include "libs/net/ascii.hpp"

namespace orderflow::api {
namespace {

std::vector<std::pair<std::string, std::string>> fields_of(const json::Value& document, std::string_view kind) {
    const auto* object = document.find(kind);
    if (object == nullptr || object->object() == nullptr) throw std::invalid_argument("headers.json: no such kind");
    std::vector<std::pair<std::string, std::string>> fields;
    for (const auto& [name, value] : *object->object()) {
        if (value.string() == nullptr) throw std::invalid_argument("headers.json: a value is no text");
        fields.emplace_back(name, *value.string());
    }
    return fields;
}

}  // namespace

SiteHeaders::SiteHeaders(std::string_view json) {
    const auto document = json::parse(json, {.bytes = json.size()});
    if (!document) throw std::invalid_argument("headers.json is not JSON");
    page_ = fields_of(*document, "page");
    asset_ = fields_of(*document, "asset");
    api_ = fields_of(*document, "api");
}

void SiteHeaders::add_to(net::Response& response, AnswerKind kind) const {
    const auto& wanted = kind == AnswerKind::page ? page_ : kind == AnswerKind::asset ? asset_ : api_;
    for (const auto& [name, value] : wanted) {
        const auto same = [&](const auto& field) { return net::iequals(field.first, name); };
        if (std::ranges::none_of(response.fields, same)) response.field(name, value);
    }
}

}  // namespace orderflow::api
