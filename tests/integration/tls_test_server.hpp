// A TLS server of a test, with an authority and a certificate that are made when it starts, and a proxy that opens
// tunnels.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace orderflow::net {

struct TlsTestOptions {
    std::string certificate_for = "localhost";  // a DNS name or an IP address
    bool expired = false;
    bool by_another_authority = false;  // not the one of authority_pem()
    bool old_protocol_only = false;     // TLS 1.1
};

// Answers every request with 200 "secret", and keeps the connection. Lives on the loop of the test.
class TlsTestServer {
  public:
    explicit TlsTestServer(boost::asio::io_context& loop, const TlsTestOptions& options = {});
    ~TlsTestServer();
    TlsTestServer(const TlsTestServer&) = delete;
    TlsTestServer& operator=(const TlsTestServer&) = delete;

    std::uint16_t port() const;
    const std::string& authority_pem() const;
    int requests() const;
    int handshakes() const;
    // Of the last handshake.
    std::string server_name() const;
    std::string version() const;
    // The next answer is cut off after so many bytes, and the connection closed without TLS's own end.
    void cut_next_answer_after(std::size_t bytes);

  private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

// Opens a tunnel to 127.0.0.1 for every CONNECT, whatever the name in it.
class TunnelProxy {
  public:
    TunnelProxy(boost::asio::io_context& loop, std::uint16_t target);
    ~TunnelProxy();
    TunnelProxy(const TunnelProxy&) = delete;
    TunnelProxy& operator=(const TunnelProxy&) = delete;

    std::uint16_t port() const;
    const std::vector<std::string>& requests() const;

  private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace orderflow::net
