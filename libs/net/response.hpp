// Response: what a handler answers. A plain value, so that a handler is tested without a server.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/async/task.hpp"

namespace orderflow::net {

// The source of a body without a known end (Server-Sent Events). The session asks for the next piece when the one
// before has been handed to the kernel, so a slow reader never piles up memory here.
class StreamBody {
  public:
    virtual ~StreamBody() = default;
    // The next piece; nullopt ends the body and closes the connection. `stop` is requested when the peer is gone or the
    // server stops: return nullopt soon then. Runs on the core of the connection.
    virtual task<std::optional<std::string>> next(std::stop_token stop) = 0;
};

struct Response {
    unsigned status = 200;
    // Without Content-Length, Transfer-Encoding, Connection, Date and Request-Id: these are the session's. A name that
    // is no token or a value with a control character is a bug and turns the answer into a 500.
    std::vector<std::pair<std::string, std::string>> fields = {};
    std::string body = {};
    std::shared_ptr<StreamBody> stream = {};  // when set, `body` is not used and the connection ends with the stream

    Response& field(std::string name, std::string value) & {
        fields.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    Response&& field(std::string name, std::string value) && {
        fields.emplace_back(std::move(name), std::move(value));
        return std::move(*this);
    }

    static Response json(unsigned status, std::string body) { return of(status, "application/json", std::move(body)); }
    static Response of(unsigned status, std::string content_type, std::string body) {
        Response response;
        response.status = status;
        response.fields.emplace_back("Content-Type", std::move(content_type));
        response.body = std::move(body);
        return response;
    }
    static Response of_stream(std::string content_type, std::shared_ptr<StreamBody> stream) {
        Response response = of(200, std::move(content_type), {});
        response.stream = std::move(stream);
        return response;
    }
};

// "Not Found" for 404; empty for a number without a name.
std::string_view reason_phrase(unsigned status) noexcept;

// The answer to a request that never reached a handler: RFC 9457 problem+json {type, title, status, code, detail}.
// `code` and `detail` are fixed texts of the server, never parts of the request.
Response problem(unsigned status, std::string_view code, std::string_view detail);

}  // namespace orderflow::net
