#include "api-service/handlers/import_products.hpp"

#include <expected>
#include <string>
#include <utility>

#include "api-service/media_type.hpp"
#include "api-service/note_query.hpp"
#include "api-service/problem_response.hpp"
#include "api-service/query_rules.hpp"
#include "libs/contract/import_preview.hpp"
#include "libs/contract/product_file.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::api {
namespace {

using contract::ProductFileFormat;

struct ImportQuery {
    contract::OperatorNote note;
    bool dry_run = false;
};

std::expected<ImportQuery, std::string> read_import_query(std::string_view query) {
    if (auto foreign = foreign_parameter(query, {"by", "reason", "dry_run"})) {
        return std::unexpected(*std::move(foreign));
    }
    auto note = read_note_query(query);
    if (!note) return std::unexpected(std::move(note).error());
    const auto dry_run = net::query_param(query, "dry_run").value_or("false");
    if (dry_run != "true" && dry_run != "false") return refuse_parameter("dry_run", "true or false");
    return ImportQuery{*std::move(note), dry_run == "true"};
}

}  // namespace

task<net::Response> ImportProductsHandler::operator()(const net::Request& request) {
    if (auto refused = operators_.refusal(request, OperatorRole::full)) co_return *std::move(refused);
    const auto kind = body_kind_of(request);
    if (kind != BodyKind::ndjson && kind != BodyKind::csv) {
        co_return unsupported_media_type_problem("application/x-ndjson, text/csv");
    }
    if (request.body.size() > contract::product_file_bytes_max) co_return body_too_large_problem();
    auto query = read_import_query(request.query);
    if (!query) co_return problem(400, "malformed-request", query.error());
    auto file = contract::read_product_file(request.body,
                                            kind == BodyKind::csv ? ProductFileFormat::csv : ProductFileFormat::ndjson);
    if (query->dry_run) {
        const auto known = co_await reader_.products();
        if (!known) co_return store_unavailable_problem();
        co_return net::Response::json(200, contract::encode_import_preview(file, *known));
    }
    if (!file.errors.empty()) co_return validation_problem(file.errors);
    co_return co_await desk_.import(request, std::move(file.rows), std::move(query->note));
}

}  // namespace orderflow::api
