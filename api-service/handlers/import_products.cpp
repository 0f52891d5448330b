#include "api-service/handlers/import_products.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "api-service/media_type.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/product_file.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::api {
namespace {

using contract::ProductFileFormat;

constexpr std::size_t bytes_of_code_point = 4;

// A parameter that may be missing, with 1 to `most` characters; nothing when it is something else.
std::optional<std::string> read_word(std::string_view query, std::string_view name, std::size_t most,
                                     std::string_view otherwise) {
    auto text = net::query_param(query, name);
    if (!text) return std::string(otherwise);
    const bool control =
        std::ranges::any_of(*text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
    if (text->empty() || text->size() > most * bytes_of_code_point || control) return std::nullopt;
    return text;
}

}  // namespace

task<net::Response> ImportProductsHandler::operator()(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    const auto kind = body_kind_of(request);
    if (kind != BodyKind::ndjson && kind != BodyKind::csv) {
        co_return unsupported_media_type_problem("application/x-ndjson, text/csv");
    }
    if (request.body.size() > contract::product_file_bytes_max) co_return body_too_large_problem();
    auto by = read_word(request.query, "by", orders::limits::operator_name_max, "operator");
    auto reason = read_word(request.query, "reason", orders::limits::operator_reason_max, "");
    if (!by || !reason) co_return problem(400, "malformed-request", "The query parameters by and reason are texts.");
    const auto format = kind == BodyKind::csv ? ProductFileFormat::csv : ProductFileFormat::ndjson;
    auto rows = contract::read_product_file(request.body, format);
    if (!rows) co_return validation_problem(rows.error());
    contract::OperatorNote note{*std::move(by), *std::move(reason)};
    co_return co_await desk_.import(request, *std::move(rows), std::move(note));
}

}  // namespace orderflow::api
