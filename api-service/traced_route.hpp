// traced(): a server span around the handler of a route.
#pragma once

#include <string>

#include "libs/net/router.hpp"
#include "libs/observe/tracer.hpp"

namespace orderflow::api {

// The span begins with the first byte of the request and ends when the handler has answered; its context stands in the
// request's `traceparent` for the handler, in place of the caller's. Holds no address, no query and no field of the
// request. `tracer` null: the handler itself. It and what `handler` needs outlive the route.
net::Handler traced(observe::Tracer* tracer, net::Method method, std::string pattern, net::Handler handler);

}  // namespace orderflow::api
