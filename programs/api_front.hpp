// ApiFront: the API with its HTTP server and its event loops, from ports to a listening address and back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "api-service/api_service.hpp"
#include "libs/crypto/secret_file.hpp"
#include "libs/net/http_server.hpp"
#include "libs/net/runtime.hpp"
#include "programs/api_key_file.hpp"

namespace orderflow {

// The token of operator calls: `configured`, or for an address that other machines reach one that is made once and kept
// in the data directory. On loopback the API takes the programs of this machine for the operator (OperatorAccess).
struct OperatorToken {
    std::optional<std::string> text;
    bool is_new = false;  // made just now, and nobody knows it yet: to be printed once
};
Result<OperatorToken> choose_operator_token(const std::optional<std::string>& configured,
                                            const net::ListenAddress& address, const std::filesystem::path& data_dir,
                                            Entropy& entropy);

class ApiFront {
  public:
    // All outlive it.
    struct Parts {
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        observe::Metrics& metrics;
        observe::Tracer* tracer = nullptr;  // none: no traces
    };
    // Outlive it too; what they do may run on loop().
    struct Backing {
        orders::MessageQueue& orders;
        orders::MessageQueue& commands;
        orders::OrderReader& reader;
        orders::OperatorReader& operators;
        instances::InstanceReader& instances;
        orders::EndpointReader& endpoints;
        orders::OrderFeed& feed;
        std::function<std::int64_t()> live_apis{};  // ApiParts::instances
        api::ForwardClientError forward_client_error{};
    };

    // `loops` >= 1 threads run the API (docs/adr/0012-api-loops.md).
    ApiFront(Parts parts, unsigned loops);
    // stop() without time.
    ~ApiFront();
    ApiFront(const ApiFront&) = delete;
    ApiFront& operator=(const ApiFront&) = delete;

    // What Backing does runs on its first core.
    net::Runtime& loop() { return loops_; }

    // Once. Listens and serves. Errors: HttpServer::listen(), ApiKeyWatch::start().
    Result<void> start(Backing backing, const crypto::Secrets& secrets, const ApiKeyFile& keys,
                       const api::ApiConfig& config, const net::ListenAddress& address);
    net::ListenAddress bound() const { return server_->bound(); }

    // Stops accepting, answers what is inside within `requests`, waits until `deadline` for what was handed to the
    // queues; what Backing does on loop() goes on. Idempotent. Blocks.
    void drain(BootClock::duration requests, Instant deadline);
    // drain(), and then nothing runs on loop() any more. Idempotent. Blocks.
    void stop(BootClock::duration requests, Instant deadline);

  private:
    void drain_loops(Instant until);

    Parts parts_;
    // In the order of what refers to what: the last is destroyed first.
    std::unique_ptr<crypto::HmacOrderIds> ids_;
    std::unique_ptr<ApiKeyWatch> keys_;
    std::unique_ptr<api::ApiService> api_;
    net::Runtime loops_;
    std::unique_ptr<net::HttpServer> server_;
    bool serving_ = false;
    bool drained_ = false;
};

}  // namespace orderflow
