#include "libs/net/client_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <optional>

namespace orderflow::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::string why_not_trusted(const ClientStream::error_code& failure, SSL* connection) {
    const auto verdict = SSL_get_verify_result(connection);
    if (verdict != X509_V_OK) return std::string("certificate: ") + X509_verify_cert_error_string(verdict);
    return failure.message();
}

}  // namespace

struct TlsTrust::Context {
    // The system's store holds over a hundred certificates: it is read for the first connection, not for a program that
    // makes none.
    void read_system_store_once() {
        if (!std::exchange(wants_system_store, false)) return;
        boost::system::error_code ignored;  // without certificates no server is trusted, which is said then
        shared.set_default_verify_paths(ignored);
    }

    ssl::context shared{ssl::context::tls_client};
    bool wants_system_store = false;
};

TlsTrust::TlsTrust(std::unique_ptr<Context> context) : context_(std::move(context)) {}
TlsTrust::TlsTrust(TlsTrust&&) noexcept = default;
TlsTrust& TlsTrust::operator=(TlsTrust&&) noexcept = default;
TlsTrust::~TlsTrust() = default;

Result<TlsTrust> TlsTrust::load(const std::string& ca_bundle) {
    auto context = std::make_unique<Context>();
    auto& shared = context->shared;
    context->wants_system_store = ca_bundle.empty();
    if (!ca_bundle.empty()) {
        boost::system::error_code failure;
        shared.load_verify_file(ca_bundle, failure);
        if (failure) {
            return fail(ErrorKind::invalid_input, "tls.trust_unreadable", ca_bundle + ": " + failure.message());
        }
    }
    shared.set_verify_mode(ssl::verify_peer);
    SSL_CTX_set_min_proto_version(shared.native_handle(), TLS1_2_VERSION);
    constexpr std::array<unsigned char, 9> protocols = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(shared.native_handle(), protocols.data(), protocols.size());
    return TlsTrust(std::move(context));
}

struct ClientStream::Impl {
    explicit Impl(const asio::any_io_executor& loop) : socket(loop) {}
    tcp::socket socket;
    std::optional<ssl::stream<tcp::socket&>> tls;
};

ClientStream::ClientStream(const asio::any_io_executor& loop) : impl_(std::make_unique<Impl>(loop)) {}
ClientStream::~ClientStream() = default;

task<ClientStream::error_code> ClientStream::connect(tcp::endpoint peer) {
    const auto [failure] = co_await impl_->socket.async_connect(peer, as_result);
    if (!failure) {
        error_code ignored;
        impl_->socket.set_option(tcp::no_delay(true), ignored);
    }
    co_return failure;
}

task<Result<void>> ClientStream::start_tls(TlsTrust& trust, std::string host) {
    trust.context_->read_system_store_once();
    auto& tls = impl_->tls.emplace(impl_->socket, trust.context_->shared);
    tls.set_verify_callback(ssl::host_name_verification(host));
    error_code no_address;
    asio::ip::make_address(host, no_address);
    // Server name indication is for names alone (RFC 6066, section 3).
    if (no_address && SSL_set_tlsext_host_name(tls.native_handle(), host.c_str()) != 1) {
        co_return fail(ErrorKind::unavailable, "tls.refused", "no server name: " + host);
    }
    const auto [failure] = co_await tls.async_handshake(ssl::stream_base::client, as_result);
    if (failure) co_return fail(ErrorKind::unavailable, "tls.refused", why_not_trusted(failure, tls.native_handle()));
    co_return Result<void>();
}

task<ClientStream::error_code> ClientStream::write(std::string_view bytes) {
    if (impl_->tls) {
        const auto [failure, count] = co_await asio::async_write(*impl_->tls, asio::buffer(bytes), as_result);
        co_return failure;
    }
    const auto [failure, count] = co_await asio::async_write(impl_->socket, asio::buffer(bytes), as_result);
    co_return failure;
}

task<std::pair<ClientStream::error_code, std::size_t>> ClientStream::read_some(std::span<char> space) {
    const auto room = asio::buffer(space.data(), space.size());
    if (impl_->tls) {
        const auto [failure, count] = co_await impl_->tls->async_read_some(room, as_result);
        co_return std::pair(failure, count);
    }
    const auto [failure, count] = co_await impl_->socket.async_read_some(room, as_result);
    co_return std::pair(failure, count);
}

bool ClientStream::is_quiet() {
    if (!impl_->socket.is_open()) return false;
    if (impl_->tls && SSL_pending(impl_->tls->native_handle()) > 0) return false;
    char byte = 0;
    const auto count = ::recv(impl_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void ClientStream::close() {
    error_code ignored;
    impl_->socket.close(ignored);
}

}  // namespace orderflow::net
