#include "orderflow/load/product_list.hpp"

#include <algorithm>

#include "libs/json/parse.hpp"
#include "libs/net/http_question.hpp"
#include "orderflow/load/order_plan.hpp"

namespace orderflow::load {
namespace {

constexpr std::size_t answer_bytes_max = std::size_t{4} * 1024 * 1024;
constexpr std::int64_t plenty = 100'000;
constexpr int found = 200;

std::unexpected<Error> no_products(std::string detail) {
    return fail(ErrorKind::unavailable, "load.no_products", std::move(detail) + "; --sku A,B names what to order");
}

bool is_sold_everywhere(const json::Value& product) {
    const auto* prices = product.find("prices");
    return prices != nullptr && std::ranges::all_of(order_currencies, [prices](std::string_view currency) {
               return prices->find(currency) != nullptr;
           });
}

// The body of the answer.
Result<std::string> ask_for_products(const LoadOptions& options, const Clock& clock) {
    const auto answer = net::ask(options.server, "GET /v1/products HTTP/1.1\r\nHost: " + options.host + "\r\n\r\n",
                                 clock, options.answer_within, answer_bytes_max);
    const auto url = "http://" + options.host;
    if (!answer && answer.error() == net::HttpFailure::not_sent) {
        return fail(ErrorKind::unavailable, "load.no_server",
                    "nobody listens at " + url + ": start the server (./dev up), or name it with --url");
    }
    if (!answer) return no_products("GET /v1/products of " + url + " got no readable answer");
    if (answer->status == found) return answer->body;
    return no_products("GET /v1/products is answered with " + std::to_string(answer->status));
}

}  // namespace

Result<std::vector<std::string>> fetch_skus(const LoadOptions& options, const Clock& clock) {
    const auto body = ask_for_products(options, clock);
    if (!body) return fail(body.error());
    return skus_in(*body);
}

Result<std::int64_t> fetch_available(const LoadOptions& options, std::string_view sku, const Clock& clock) {
    const auto body = ask_for_products(options, clock);
    if (!body) return fail(body.error());
    return available_in(*body, sku);
}

Result<std::int64_t> available_in(std::string_view body, std::string_view sku) {
    const auto document = json::parse(body, {.bytes = answer_bytes_max});
    const auto* data = document ? document->find("data") : nullptr;
    const auto* products = data == nullptr ? nullptr : data->array();
    if (products == nullptr) return no_products("GET /v1/products is answered with something else than products");
    for (const auto& product : *products) {
        const auto* name = product.find("sku");
        const auto* available = product.find("available");
        if (name == nullptr || name->string() == nullptr || *name->string() != sku) continue;
        if (available != nullptr && available->number()) return available->number()->to_int64();
    }
    return no_products("the server does not sell " + std::string(sku));
}

Result<std::vector<std::string>> skus_in(std::string_view body) {
    const auto document = json::parse(body, {.bytes = answer_bytes_max});
    const auto* data = document ? document->find("data") : nullptr;
    const auto* products = data == nullptr ? nullptr : data->array();
    if (products == nullptr) return no_products("GET /v1/products is answered with something else than products");
    std::vector<std::string> some;
    std::vector<std::string> many;
    for (const auto& product : *products) {
        const auto* sku = product.find("sku");
        const auto* available = product.find("available");
        if (sku == nullptr || sku->string() == nullptr || available == nullptr || !available->number()) continue;
        const auto count = available->number()->to_int64();
        if (!count || *count <= 0 || !is_sold_everywhere(product)) continue;
        (*count >= plenty ? many : some).emplace_back(*sku->string());
    }
    if (many.empty()) many = std::move(some);
    if (many.empty()) return no_products("the server has nothing in stock");
    return many;
}

}  // namespace orderflow::load
