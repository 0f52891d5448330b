// Router: a table of {method, path pattern, handler, name} and the choice of a row for a request.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/clock.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::net {

// Runs on the core of the connection. The request outlives the returned task: the session that awaits it owns it.
// What it throws is a bug: the peer gets a plain 500 and the observer is told.
using Handler = std::function<task<Response>(const Request&)>;

struct RouteOptions {
    std::optional<std::size_t> body_bytes = {};            // instead of HttpLimits::body_bytes
    std::optional<BootClock::duration> handler_time = {};  // instead of HttpLimits::handler_time
    // For which requests the stop is requested as soon as the peer ends its side: those that may wait for long and give
    // away what would be lost on a dead connection. Not for all, as the watch costs a tenth of a quick request. A peer
    // that sends its next request early is not watched any more.
    std::function<bool(const Request&)> ends_with_peer = {};
    bool always_admitted = false;  // not counted in flight and never refused for it: health checks, metrics
};

// `pattern` begins with '/'; a segment is a literal or one {param}, which matches one whole segment that is not empty.
// `name` is stable text for metrics and logs, and the operationId of the OpenAPI document.
struct Route {
    Method method = Method::get;
    std::string pattern = {};
    Handler handler = {};
    std::string name = {};
    RouteOptions options = {};
};

// The policy: paths are compared decoded and byte for byte; "/orders" and "/orders/" are two paths, and there is no
// redirect between them; a literal segment wins over a {param}. A GET route answers HEAD too. OPTIONS is answered for
// every path with its Allow, unless a route for OPTIONS exists.
class Router {
  public:
    static constexpr std::size_t max_params = 4;

    // Throws std::invalid_argument for a pattern that is malformed or stands in the table twice with one method.
    explicit Router(std::vector<Route> routes);

    struct Matched {
        const Route* route;
        std::array<PathParam, max_params> params;
        std::size_t param_count;
    };
    struct MethodNotAllowed {
        std::string allow;  // "GET, HEAD, OPTIONS"
    };
    struct Options {
        std::string allow;
    };
    struct NotFound {};
    using Match = std::variant<NotFound, Matched, MethodNotAllowed, Options>;

    // `path` is decoded. The params of the answer point into `path` and into this router. Any thread.
    Match match(Method method, std::string_view path) const;

    // "GET, HEAD, ..." of the whole table: the answer to `OPTIONS *`.
    const std::string& all_methods() const noexcept { return all_methods_; }
    // The table in the order it was given, for the comparison with the API description.
    std::span<const Route> routes() const noexcept { return routes_; }

  private:
    // All routes of one pattern, by method.
    struct Path {
        std::vector<std::string> segments;
        std::vector<bool> is_param;
        std::array<const Route*, 10> by_method{};
        std::string allow;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };

    Path& path_of(const Route& route);
    static Match choose(const Path& path, Method method, std::span<const PathParam> params);
    static std::string allow_of(const Path& path);

    std::vector<Route> routes_;
    std::unordered_map<std::string, Path, Hash, std::equal_to<>> literal_;
    std::vector<Path> patterns_;
    std::string all_methods_;
};

}  // namespace orderflow::net
