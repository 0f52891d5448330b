// ClientStream: one TCP connection of a client, which may become a TLS one. The only header of the client that knows
// sockets; OpenSSL stays in its .cpp file.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"

namespace orderflow::net {

// What TLS connections share: whom to trust. TLS 1.2 at least; certificates and host names are verified.
class TlsTrust {
  public:
    // `ca_bundle` is a PEM file that stands in for the system's trust store, or empty. invalid_input
    // "tls.trust_unreadable" when there are no certificates in it.
    static Result<TlsTrust> load(const std::string& ca_bundle);
    TlsTrust(TlsTrust&&) noexcept;
    TlsTrust& operator=(TlsTrust&&) noexcept;
    ~TlsTrust();

  private:
    friend class ClientStream;
    struct Context;
    explicit TlsTrust(std::unique_ptr<Context> context);
    std::unique_ptr<Context> context_;
};

// For one loop; one operation at a time, and close() beside it. Must outlive its operations.
class ClientStream {
  public:
    using error_code = boost::system::error_code;

    explicit ClientStream(const boost::asio::any_io_executor& loop);
    ~ClientStream();
    ClientStream(const ClientStream&) = delete;
    ClientStream& operator=(const ClientStream&) = delete;

    task<error_code> connect(boost::asio::ip::tcp::endpoint peer);
    // Everything after it is TLS. `host` is the name or address the certificate must be for. `trust` outlives the
    // stream. The text is for a person: why the peer is not trusted.
    task<Result<void>> start_tls(TlsTrust& trust, std::string host);
    // All of it.
    task<error_code> write(std::string_view bytes);  // outlives the call
    task<std::pair<error_code, std::size_t>> read_some(std::span<char> space);

    // Between two requests: open, and nothing came that nobody asked for. Costs one system call.
    bool is_quiet();
    // Ends what is under way with an error. Idempotent.
    void close();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace orderflow::net
