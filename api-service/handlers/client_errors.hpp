// POST /v1/client-errors: a page reports a fault of its own. It is counted, logged, handed to whoever tracks errors.
#pragma once

#include <array>
#include <mutex>

#include "api-service/api_parts.hpp"
#include "libs/contract/client_error.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class ClientErrorsHandler {
  public:
    // Lines and forwards, of all clients together: a fault that every page meets is one story. All are counted.
    static constexpr BootClock::duration told_every = 100ms;
    static constexpr std::int64_t told_at_once = 50;

    explicit ClientErrorsHandler(const ApiParts& parts);

    // 204 when it was read; nothing waits for anybody who is told.
    task<net::Response> operator()(const net::Request& request);

  private:
    bool may_tell(Instant now);
    void tell(const contract::ClientError& error) const;

    const ApiParts& parts_;
    std::array<observe::Counter*, contract::client_error_kind_count> counted_{};
    observe::Counter& untold_;
    std::mutex mutex_;
    Instant full_at_{};  // when as many as told_at_once may be told again
};

}  // namespace orderflow::api
