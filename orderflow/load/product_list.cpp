#include "orderflow/load/product_list.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "libs/json/parse.hpp"
#include "libs/net/http_client.hpp"
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

class Question final : net::HttpClient::Listener {
  public:
    Question(const LoadOptions& options, const Clock& clock)
        : options_(options), clock_(clock), client_(loop_, options.server, *this, answer_bytes_max) {}

    // The body of the answer.
    Result<std::string> ask() {
        client_.request() = "GET /v1/products HTTP/1.1\r\nHost: " + options_.host + "\r\n\r\n";
        const auto deadline = clock_.now() + options_.answer_within;
        client_.send(deadline);
        while (!body_) {
            loop_.run_one_for(100ms);
            client_.expire_if_due(clock_.now());
        }
        return *std::move(body_);
    }

  private:
    void answered(net::HttpClient&, const net::HttpAnswer& answer) override {
        if (answer.status == found) {
            body_ = std::string(answer.body);
        } else {
            body_ = no_products("GET /v1/products is answered with " + std::to_string(answer.status));
        }
    }

    void failed(net::HttpClient&, net::HttpFailure failure) override {
        const auto url = "http://" + options_.host;
        if (failure == net::HttpFailure::not_sent) {
            body_ = fail(ErrorKind::unavailable, "load.no_server",
                         "nobody listens at " + url + ": start the server (./dev up), or name it with --url");
        } else {
            body_ = no_products("GET /v1/products of " + url + " got no readable answer");
        }
    }

    const LoadOptions& options_;
    const Clock& clock_;
    boost::asio::io_context loop_{1};
    net::HttpClient client_;
    std::optional<Result<std::string>> body_;
};

}  // namespace

Result<std::vector<std::string>> fetch_skus(const LoadOptions& options, const Clock& clock) {
    const auto body = Question(options, clock).ask();
    if (!body) return fail(body.error());
    return skus_in(*body);
}

Result<std::int64_t> fetch_available(const LoadOptions& options, std::string_view sku, const Clock& clock) {
    const auto body = Question(options, clock).ask();
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
