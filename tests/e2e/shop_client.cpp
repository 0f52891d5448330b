#include "tests/e2e/shop_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>
#include <stdexcept>

#include "libs/json/parse.hpp"
#include "libs/orders/domain/status.hpp"

namespace orderflow::e2e {
namespace {

constexpr timeval answer_time_max{.tv_sec = 30, .tv_usec = 0};  // a hang must fail the test, not stop it
constexpr std::size_t stream_bytes_max = 1024 * 1024;

class Connection {
  public:
    explicit Connection(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &answer_time_max, sizeof(answer_time_max));
        open_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0;
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { ::close(fd_); }

    bool send(std::string_view bytes) {
        while (open_ && !bytes.empty()) {
            const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            open_ = n > 0;
            if (open_) bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return open_;
    }

    // Reads until `enough` says so or the peer closes; false when the connection broke.
    bool read(std::string& into, const std::function<bool(const std::string&)>& enough) {
        char buffer[16 * 1024];
        while (!enough(into)) {
            const auto n = ::recv(fd_, buffer, sizeof(buffer), 0);
            if (n < 0) return false;
            if (n == 0) return true;
            into.append(buffer, static_cast<std::size_t>(n));
        }
        return true;
    }

  private:
    int fd_;
    bool open_ = false;
};

std::string request_text(std::string_view method, std::string_view target,
                         const std::vector<std::pair<std::string, std::string>>& fields, std::string_view body) {
    std::string text;
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (const auto& [name, value] : fields) text.append(name).append(": ").append(value).append("\r\n");
    if (method == "POST") text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    return text.append("\r\n").append(body);
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::optional<Answer> parse_answer(std::string_view text) {
    const auto head_end = text.find("\r\n\r\n");
    if (!text.starts_with("HTTP/1.1 ") || head_end == std::string_view::npos) return std::nullopt;
    Answer answer;
    std::from_chars(text.data() + 9, text.data() + 12, answer.status);
    auto head = text.substr(0, head_end + 2);
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
        const auto line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size() + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        answer.fields[lower(std::string(line.substr(0, colon)))] = std::string(line.substr(colon + 2));
    }
    answer.body = std::string(text.substr(head_end + 4));
    const auto length = answer.fields.find("content-length");
    if (length != answer.fields.end() && length->second != std::to_string(answer.body.size())) return std::nullopt;
    return answer;
}

Answer expect_answer(std::optional<Answer> answer, std::string_view what) {
    if (!answer) throw std::runtime_error("no answer to " + std::string(what));
    return *std::move(answer);
}

}  // namespace

json::Document Answer::document() const {
    auto value = json::parse(body, {.bytes = 64 * 1024 * 1024});
    if (!value) throw std::runtime_error("not JSON: " + body);
    return *std::move(value);
}

std::string Answer::text(std::string_view member) const {
    const auto value = document();
    const auto* found = value.find(member);
    if (found == nullptr || found->string() == nullptr) {
        throw std::runtime_error("no text '" + std::string(member) + "' in " + body);
    }
    return std::string(*found->string());
}

std::string order_body(const std::vector<std::pair<std::string, int>>& lines, std::string_view token) {
    std::string items;
    for (const auto& [sku, quantity] : lines) {
        if (!items.empty()) items += ",";
        items += R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(quantity) + "}";
    }
    return R"({"currency":"EUR","items":[)" + items +
           R"(],"customer":{"name":"Ada Example","email":"ada@example.com"},)"
           R"("shipping_address":{"line1":"1 Paper Street","city":"Berlin","postal_code":"10115","country":"DE"},)"
           R"("payment":{"mode":"token","token":")" +
           std::string(token) + R"("}})";
}

std::optional<Answer> ShopClient::try_request(std::string_view method, std::string_view target,
                                              const std::vector<std::pair<std::string, std::string>>& fields,
                                              std::string_view body) const {
    Connection connection(port_);
    std::string text;
    if (!connection.send(request_text(method, target, fields, body))) return std::nullopt;
    if (!connection.read(text, [](const std::string&) { return false; })) return std::nullopt;
    return parse_answer(text);
}

Answer ShopClient::get(std::string_view target) const { return expect_answer(try_request("GET", target), target); }

std::optional<Answer> ShopClient::try_post_order(std::string_view key, std::string_view body) const {
    return try_request("POST", "/order",
                       {{"Content-Type", "application/json"}, {"Idempotency-Key", "\"" + std::string(key) + "\""}},
                       body);
}

Answer ShopClient::post_order(std::string_view key, std::string_view body) const {
    return expect_answer(try_post_order(key, body), "POST /order");
}

Answer ShopClient::cancel(std::string_view order_id) const {
    const auto target = "/v1/orders/" + std::string(order_id) + "/cancel";
    return expect_answer(
        try_request("POST", target, {{"Content-Type", "application/json"}}, R"({"reason":"customer"})"), target);
}

std::string ShopClient::wait_until_settled(std::string_view order_id) const {
    const auto path = "/v1/orders/" + std::string(order_id);
    std::string settled;
    const auto look = [&] {
        auto status = get(path).text("status");
        const auto known = orders::parse_order_status(status);
        if (known && (orders::is_settled(*known) || *known == orders::OrderStatus::on_hold))
            settled = std::move(status);
        return !settled.empty();
    };
    // Every event (and heartbeat) of the stream is a reason to look.
    Connection connection(port_);
    connection.send(request_text("GET", path + "/stream", {}, {}));
    std::string stream;
    const bool whole =
        connection.read(stream, [&](const std::string& text) { return look() || text.size() > stream_bytes_max; });
    if (settled.empty() && !look()) {
        throw std::runtime_error(std::string(order_id) + " did not settle; the stream " +
                                 (whole ? "ended" : "broke or fell silent") + ": " + stream);
    }
    return settled;
}

std::int64_t ShopClient::available(std::string_view sku) const {
    const auto products = get("/v1/products").document();
    for (const auto& product : *products.find("data")->array()) {
        if (*product.find("sku")->string() == sku) return product.find("available")->number()->to_int64().value();
    }
    throw std::runtime_error("no product " + std::string(sku));
}

}  // namespace orderflow::e2e
