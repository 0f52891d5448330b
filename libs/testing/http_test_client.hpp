// HttpTestClient: one TCP connection of a test, blocking, that sends exactly the bytes it is told to and reads answers.
// It gives up after ten seconds without a byte, so that a test that waits for nothing fails instead of hanging.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orderflow {

struct TestResponse {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> fields;  // names in lower case
    std::string body;                                         // without transfer coding

    // The value of the field (named in lower case), or nothing.
    std::optional<std::string> field(std::string_view name) const {
        for (const auto& [known, value] : fields) {
            if (known == name) return value;
        }
        return std::nullopt;
    }
};

class HttpTestClient {
  public:
    // Connects to 127.0.0.1. Throws std::runtime_error when nobody listens.
    explicit HttpTestClient(std::uint16_t port, int receive_buffer_bytes = 0) {
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        // Before connecting, so that the window is small from the start.
        if (receive_buffer_bytes > 0) set(SOL_SOCKET, SO_RCVBUF, receive_buffer_bytes);
        set(IPPROTO_TCP, TCP_NODELAY, 1);
        const timeval patience{.tv_sec = 10, .tv_usec = 0};
        set(SOL_SOCKET, SO_RCVTIMEO, patience);
        set(SOL_SOCKET, SO_SNDTIMEO, patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
            ::close(socket_);
            throw std::runtime_error("connect failed");
        }
    }
    HttpTestClient(HttpTestClient&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
    HttpTestClient& operator=(HttpTestClient&&) = delete;
    ~HttpTestClient() { close(); }

    // False when the other side does not take the bytes any more.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    // Whether bytes, or the end, come within this time.
    bool has_input_within(int milliseconds) {
        pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
        return ::poll(&wanted, 1, milliseconds) > 0;
    }
    // No more bytes from us; answers can still be read.
    void end_sending() { ::shutdown(socket_, SHUT_WR); }
    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }
    // Vanishes without a proper end.
    void reset() {
        set(SOL_SOCKET, SO_LINGER, linger{.l_onoff = 1, .l_linger = 0});
        close();
    }

    // The next answer, interim ones (1xx) too. nullopt when the connection ends before it is whole.
    std::optional<TestResponse> read_response(bool to_head = false) {
        auto response = read_head();
        if (!response) return std::nullopt;
        if (to_head || response->status < 200 || response->status == 204 || response->status == 304) return response;
        if (response->field("transfer-encoding") == "chunked") {
            while (auto piece = read_chunk()) {
                if (piece->empty()) return response;
                response->body += *piece;
            }
            return std::nullopt;
        }
        const auto length = response->field("content-length");
        if (!length) {
            response->body = read_to_end();
            return response;
        }
        auto body = read_exactly(to_number(*length, 10));
        if (!body) return std::nullopt;
        response->body = std::move(*body);
        return response;
    }
    std::optional<TestResponse> ask(std::string_view request) {
        if (!send(request)) return std::nullopt;
        return read_response(request.starts_with("HEAD "));
    }

    // Status line and fields only.
    std::optional<TestResponse> read_head() {
        const auto line = read_line();
        if (!line || line->size() < 12 || !line->starts_with("HTTP/1.1 ")) return std::nullopt;
        TestResponse response;
        response.status = static_cast<unsigned>(to_number(line->substr(9, 3), 10));
        for (;;) {
            const auto field = read_line();
            if (!field) return std::nullopt;
            if (field->empty()) return response;
            const auto colon = field->find(": ");
            if (colon == std::string::npos) return std::nullopt;
            auto name = field->substr(0, colon);
            std::ranges::transform(name, name.begin(), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
            });
            response.fields.emplace_back(std::move(name), field->substr(colon + 2));
        }
    }
    // The data of the next chunk; empty for the last. nullopt when the connection ends.
    std::optional<std::string> read_chunk() {
        const auto size = read_line();
        if (!size) return std::nullopt;
        auto data = read_exactly(to_number(*size, 16));
        if (!data || !read_line()) return std::nullopt;
        return data;
    }
    // Everything until the other side ends.
    std::string read_to_end() {
        while (receive()) {
        }
        return std::exchange(received_, {});
    }
    // True when the other side ends the connection now, with no further byte.
    bool ends() { return received_.empty() && !receive() && !timed_out_; }

  private:
    template <class Value>
    void set(int level, int option, Value value) {
        ::setsockopt(socket_, level, option, &value, sizeof(value));
    }
    static std::size_t to_number(std::string_view text, int base) {
        std::size_t number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number, base);
        return number;
    }
    bool receive() {
        std::array<char, 64 * 1024> buffer;
        const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
        timed_out_ = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        if (count <= 0) return false;
        received_.append(buffer.data(), static_cast<std::size_t>(count));
        return true;
    }
    std::optional<std::string> read_exactly(std::size_t count) {
        while (received_.size() < count) {
            if (!receive()) return std::nullopt;
        }
        auto bytes = received_.substr(0, count);
        received_.erase(0, count);
        return bytes;
    }
    std::optional<std::string> read_line() {
        for (;;) {
            const auto end = received_.find("\r\n");
            if (end != std::string::npos) {
                auto line = received_.substr(0, end);
                received_.erase(0, end + 2);
                return line;
            }
            if (!receive()) return std::nullopt;
        }
    }

    int socket_ = -1;
    std::string received_;
    bool timed_out_ = false;
};

}  // namespace orderflow
