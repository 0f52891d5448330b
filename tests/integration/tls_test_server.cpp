#include "tests/integration/tls_test_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

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

namespace orderflow::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr auto drop = [](const std::exception_ptr&) {};

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

struct Identity {
    Key key;
    Certificate certificate;
};

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) throw std::runtime_error("no extension " + value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Identity make(const std::string& name, const Identity* authority, bool expired) {
    Identity made{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
    auto* certificate = made.certificate.get();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), authority == nullptr ? 1 : 2);
    constexpr long day = 24L * 60 * 60;
    X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), expired ? -day : day);
    X509_set_pubkey(certificate, made.key.get());
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text, -1, -1, 0);
    auto* issuer = authority == nullptr ? certificate : authority->certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    if (authority == nullptr) {
        add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
    } else {
        const bool is_address = name.find_first_not_of("0123456789.") == std::string::npos;
        add_extension(certificate, issuer, NID_subject_alt_name, (is_address ? "IP:" : "DNS:") + name);
    }
    X509_sign(certificate, authority == nullptr ? made.key.get() : authority->key.get(), EVP_sha256());
    return made;
}

std::string pem_of(X509* certificate) {
    const std::unique_ptr<BIO, Freed<BIO_free>> out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), certificate);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";

}  // namespace

struct TlsTestServer::Shared {
    Shared(asio::io_context& loop, const TlsTestOptions& options)
        : acceptor(loop, {asio::ip::make_address("127.0.0.1"), 0}) {
        const auto authority = make("Test authority", nullptr, false);
        authority_pem = pem_of(authority.certificate.get());
        const auto stranger = make("Test authority", nullptr, false);
        const auto& issuer = options.by_another_authority ? stranger : authority;
        const auto leaf = make(options.certificate_for, &issuer, options.expired);
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
