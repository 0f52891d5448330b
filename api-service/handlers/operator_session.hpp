// /v1/admin/session: an operator's browser shows the token once and has a cookie from then on.
#pragma once

#include "api-service/operator_access.hpp"
#include "libs/base/entropy.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/observe/log.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class OperatorSessionHandler {
  public:
    OperatorSessionHandler(const OperatorAccess& operators, const Clock& clock, Entropy& entropy,
                           const observe::Logger& log)
        : operators_(operators), clock_(clock), entropy_(entropy), log_(log) {}

    // POST {"token":"..."}: 201 with the cookie and the CSRF token.
    task<net::Response> open(const net::Request& request);
    // GET: who one is, also by a bearer token or as a program of this machine.
    task<net::Response> show(const net::Request& request);
    // DELETE: takes the cookie away. Harmless without one.
    task<net::Response> end(const net::Request& request);

  private:
    const OperatorAccess& operators_;
    const Clock& clock_;
    Entropy& entropy_;
    const observe::Logger& log_;
};

}  // namespace orderflow::api
