#include "tests/integration/tls_test_server.hpp"

#include <openssl/ssl.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <stdexcept>

#include "libs/async/task.hpp"
#include "tests/integration/test_certificates.hpp"

namespace orderflow::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr auto drop = [](const std::exception_ptr&) {};

const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";

}  // namespace

struct TlsTestServer::Shared {
    Shared(asio::io_context& loop, const TlsTestOptions& options)
        : acceptor(loop, {asio::ip::make_address("127.0.0.1"), 0}) {
        const auto authority = make_certificate("Test authority", nullptr);
        authority_pem = pem_of(authority.certificate.get());
        const auto stranger = make_certificate("Test authority", nullptr);
        const auto& issuer = options.by_another_authority ? stranger : authority;
        const auto leaf = make_certificate(options.certificate_for, &issuer, options.expired);
        auto* handle = context.native_handle();
        SSL_CTX_use_certificate(handle, leaf.certificate.get());
        SSL_CTX_use_PrivateKey(handle, leaf.key.get());
        if (options.old_protocol_only) {
            SSL_CTX_set_min_proto_version(handle, TLS1_1_VERSION);
            SSL_CTX_set_max_proto_version(handle, TLS1_1_VERSION);
            SSL_CTX_set_cipher_list(handle, "ALL:@SECLEVEL=0");
        }
    }

    tcp::acceptor acceptor;
    ssl::context context{ssl::context::tls_server};
    std::string authority_pem;
    int requests = 0;
    int handshakes = 0;
    std::string server_name;
    std::string version;
    std::optional<std::size_t> cut;

    static task<void> accept(std::shared_ptr<Shared> shared) {
        for (;;) {
            auto [failure, socket] = co_await shared->acceptor.async_accept(as_result);
            if (failure) co_return;
            asio::co_spawn(shared->acceptor.get_executor(), serve(shared, std::move(socket)), drop);
        }
    }

    static task<void> serve(std::shared_ptr<Shared> shared, tcp::socket socket) {
        ssl::stream<tcp::socket> stream(std::move(socket), shared->context);
        const auto [refused] = co_await stream.async_handshake(ssl::stream_base::server, as_result);
        if (refused) co_return;
        ++shared->handshakes;
        const auto* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
        shared->server_name = name == nullptr ? "" : name;
        shared->version = SSL_get_version(stream.native_handle());
        std::array<char, 4096> buffer{};
        std::string received;
        for (;;) {
            const auto [failure, count] = co_await stream.async_read_some(asio::buffer(buffer), as_result);
            if (failure) co_return;
            received.append(buffer.data(), count);
            if (!received.ends_with("\r\n\r\n")) continue;
            received.clear();
            ++shared->requests;
            const auto bytes = answer.substr(0, shared->cut.value_or(answer.size()));
            co_await asio::async_write(stream, asio::buffer(bytes), as_result);
            if (std::exchange(shared->cut, std::nullopt)) co_return;
        }
    }
};

TlsTestServer::TlsTestServer(asio::io_context& loop, const TlsTestOptions& options)
    : shared_(std::make_shared<Shared>(loop, options)) {
    asio::co_spawn(loop, Shared::accept(shared_), drop);
}
TlsTestServer::~TlsTestServer() { shared_->acceptor.close(); }

std::uint16_t TlsTestServer::port() const { return shared_->acceptor.local_endpoint().port(); }
const std::string& TlsTestServer::authority_pem() const { return shared_->authority_pem; }
int TlsTestServer::requests() const { return shared_->requests; }
int TlsTestServer::handshakes() const { return shared_->handshakes; }
std::string TlsTestServer::server_name() const { return shared_->server_name; }
std::string TlsTestServer::version() const { return shared_->version; }
void TlsTestServer::cut_next_answer_after(std::size_t bytes) { shared_->cut = bytes; }

struct TunnelProxy::Shared {
    Shared(asio::io_context& loop, std::uint16_t t)
        : acceptor(loop, {asio::ip::make_address("127.0.0.1"), 0}), target(t) {}
    tcp::acceptor acceptor;
    std::uint16_t target;
    std::vector<std::string> requests;

    struct Ends {
        Ends(tcp::socket c, const asio::any_io_executor& loop) : client(std::move(c)), server(loop) {}
        tcp::socket client;
        tcp::socket server;
    };

    static task<void> accept(std::shared_ptr<Shared> shared) {
        for (;;) {
            auto [failure, socket] = co_await shared->acceptor.async_accept(as_result);
            if (failure) co_return;
            asio::co_spawn(shared->acceptor.get_executor(), tunnel(shared, std::move(socket)), drop);
        }
    }

    static task<void> tunnel(std::shared_ptr<Shared> shared, tcp::socket client) {
        const auto loop = shared->acceptor.get_executor();
        const auto ends = std::make_shared<Ends>(std::move(client), loop);
        std::array<char, 4096> buffer{};
        std::string head;
        while (!head.ends_with("\r\n\r\n")) {
            const auto [failure, count] = co_await ends->client.async_read_some(asio::buffer(buffer), as_result);
            if (failure) co_return;
            head.append(buffer.data(), count);
        }
        shared->requests.push_back(head);
        const tcp::endpoint target(asio::ip::make_address("127.0.0.1"), shared->target);
        const auto [refused] = co_await ends->server.async_connect(target, as_result);
        if (refused) co_return;
        static const std::string open = "HTTP/1.1 200 Connection established\r\n\r\n";
        co_await asio::async_write(ends->client, asio::buffer(open), as_result);
        asio::co_spawn(loop, copy(ends, true), drop);
        asio::co_spawn(loop, copy(ends, false), drop);
    }

    static task<void> copy(std::shared_ptr<Ends> ends, bool from_client) {
        auto& from = from_client ? ends->client : ends->server;
        auto& to = from_client ? ends->server : ends->client;
        std::array<char, 4096> buffer{};
        for (;;) {
            const auto [failure, count] = co_await from.async_read_some(asio::buffer(buffer), as_result);
            if (failure) break;
            co_await asio::async_write(to, asio::buffer(buffer.data(), count), as_result);
        }
        boost::system::error_code ignored;
        to.close(ignored);
    }
};

TunnelProxy::TunnelProxy(asio::io_context& loop, std::uint16_t target)
    : shared_(std::make_shared<Shared>(loop, target)) {
    asio::co_spawn(loop, Shared::accept(shared_), drop);
}
TunnelProxy::~TunnelProxy() { shared_->acceptor.close(); }
std::uint16_t TunnelProxy::port() const { return shared_->acceptor.local_endpoint().port(); }
const std::vector<std::string>& TunnelProxy::requests() const { return shared_->requests; }

}  // namespace orderflow::net
