// PooledHttpTransport: the port HttpTransport on the project's HTTP client.
#pragma once

#include "libs/aws/http_transport.hpp"
#include "libs/net/http_pool.hpp"

namespace orderflow::aws {

// For the pool's loop; the pool outlives the transport.
class PooledHttpTransport final : public HttpTransport {
  public:
    // Ten messages of SQS at their largest, with some escapes in them.
    static constexpr std::size_t answer_bytes_default = 16 * 1024 * 1024;

    explicit PooledHttpTransport(net::HttpPool& pool, std::size_t answer_bytes_max = answer_bytes_default)
        : pool_(pool), answer_bytes_max_(answer_bytes_max) {}

    task<Result<HttpReply>> ask(HttpAsk ask, Instant deadline) override;

  private:
    net::HttpPool& pool_;
    std::size_t answer_bytes_max_;
};

}  // namespace orderflow::aws
