#include "orderflow/demo_order.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "libs/crypto/hex.hpp"
#include "libs/json/parse.hpp"
#include "libs/net/http_question.hpp"
#include "libs/orders/domain/status.hpp"
#include "orderflow/load/load_options.hpp"
#include "orderflow/load/product_list.hpp"

namespace orderflow {
namespace {

constexpr auto answer_within = std::chrono::seconds(2);
constexpr auto settled_within = std::chrono::seconds(10);
constexpr auto between_questions = std::chrono::milliseconds(50);
constexpr std::size_t answer_bytes_max = 64 * 1024;
constexpr int accepted = 202;
constexpr int found = 200;

// The thread has nothing else to do.
void pause() {
    boost::asio::io_context loop(1);
    boost::asio::steady_timer(loop, between_questions).wait();
}

std::string text_of(std::string_view body, std::string_view member) {
    const auto document = json::parse(body, {.bytes = answer_bytes_max});
    const auto* value = document ? document->find(member) : nullptr;
    return value != nullptr && value->string() != nullptr ? std::string(*value->string()) : std::string();
}

std::string body_of(std::string_view sku) {
    return R"({"currency":"EUR","items":[{"sku":")" + std::string(sku) +
           R"(","quantity":1}],"customer":{"name":"Ada Lovelace","email":"ada@example.com"},)"
           R"("shipping_address":{"line1":"12 Analytical Way","city":"Berlin","postal_code":"10115","country":"DE"},)"
           R"("payment":{"mode":"token","token":"tok_ok"}})";
}

std::string new_key(Entropy& entropy) {
    std::array<std::byte, 16> bytes{};
    entropy.fill(bytes);
    return "demo-" + crypto::to_hex(bytes);
}

std::unexpected<Error> refused(const std::string& why) {
    return fail(ErrorKind::unavailable, "demo.refused", "the demo order was not taken: " + why);
}

class Shop {
  public:
    Shop(const net::ListenAddress& address, const Clock& clock) : address_(address), clock_(clock) {}

    std::expected<net::WholeAnswer, net::HttpFailure> ask(std::string_view request_line, std::string_view fields = {},
                                                          std::string_view body = {}) const {
        std::string request(request_line);
        request += " HTTP/1.1\r\nHost: " + address_.to_string() + "\r\n";
        request += fields;
        if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        request += "\r\n";
        request += body;
        return net::ask(address_, std::move(request), clock_, answer_within, answer_bytes_max);
    }

  private:
    const net::ListenAddress& address_;
    const Clock& clock_;
};

bool is_settled(std::string_view status) {
    const auto known = orders::parse_order_status(status);
    return known && orders::is_settled(*known);
}

}  // namespace

Result<DemoOrder> place_demo_order(const net::ListenAddress& address, const Clock& clock, Entropy& entropy) {
    load::LoadOptions options;
    options.server = address;
    options.host = address.to_string();
    options.answer_within = answer_within;
    const auto skus = load::fetch_skus(options, clock);
    if (!skus) return fail(skus.error());
    const Shop shop(address, clock);
    const auto fields = "Content-Type: application/json\r\nIdempotency-Key: " + new_key(entropy) + "\r\n";
    const auto answer = shop.ask("POST /v1/orders", fields, body_of(skus->front()));
    if (!answer) return refused("there was no answer");
    if (answer->status != accepted) return refused("status " + std::to_string(answer->status));
    DemoOrder order{text_of(answer->body, "id"), text_of(answer->body, "status")};
    const auto end = clock.now() + settled_within;
    while (!is_settled(order.status) && clock.now() < end) {
        pause();
        const auto seen = shop.ask("GET /v1/orders/" + order.id);
        if (seen && seen->status == found) order.status = text_of(seen->body, "status");
    }
    return order;
}

}  // namespace orderflow
