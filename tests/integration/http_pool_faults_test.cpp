// Method: a server ends each answer after so many bytes, for every number of bytes there is, by an orderly close, a
// reset, or silence. Nothing but the whole answer may be a success.
#include <gtest/gtest.h>

#include "libs/net/http_pool.hpp"
#include "tests/integration/http_pool_rig.hpp"

namespace orderflow::net {
namespace {

using Then = Reaction::Then;
using Answer = Result<ClientAnswer>;

struct Shape {
    std::string name;
    std::string answer;
};

const std::vector<Shape> shapes = {
    {"length", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 21\r\n\r\n{\"MessageId\":\"12345\"}"},
    {"chunks",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n{\"Message\"\r\n2\r\n:1\r\n1\r\n}\r\n0\r\n\r\n"},
    {"interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}"},
    {"empty", "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"},
};

class HttpPoolFaults : public ::testing::TestWithParam<std::tuple<std::size_t, Then>> {
  protected:
    const Shape& shape() const { return shapes.at(std::get<0>(GetParam())); }
    Then end() const { return std::get<1>(GetParam()); }

    // "/17": the first 17 bytes.
    Reaction cut(const std::string& request) const {
        std::size_t bytes = 0;
        const auto from = request.find('/') + 1;
        std::from_chars(request.data() + from, request.data() + request.size(), bytes);
        return {shape().answer.substr(0, bytes), end()};
    }

    LoopRig rig;
};

TEST_P(HttpPoolFaults, GivenAnAnswerThatEndsAfterAnyByte_WhenAsked_ThenOnlyTheWholeOneIsASuccess) {
    ReactingServer server(rig.loop(), [this](const std::string& request) { return cut(request); });
    const auto all = shape().answer.size();
    const auto pool = rig.pool({.connections_per_server = all + 1});
    const auto patience = end() == Then::stall ? BootClock::duration(2s) : BootClock::duration(20s);
    std::vector<std::optional<Answer>> answers(all + 1);
    for (std::size_t bytes = 0; bytes <= all; ++bytes) {
        rig.start(pool->ask(request_of(server.url("/" + std::to_string(bytes))), rig.in(patience)), answers[bytes]);
    }
    for (std::size_t bytes = 0; bytes <= all; ++bytes) {
        auto& answer = answers[bytes];
        rig.wait([&] { return answer.has_value(); });
        // A reset may overtake bytes that were sent before it: then the whole answer is lost, which is an error too.
        if (bytes == all && (answer->has_value() || end() != Then::reset)) {
            EXPECT_TRUE(answer->has_value()) << answer->error().code();
            continue;
        }
        ASSERT_FALSE(answer->has_value()) << "a success after " << bytes << " of " << all << " bytes";
        EXPECT_EQ(answer->error().kind(), ErrorKind::unavailable);
        EXPECT_EQ(answer->error().code(), end() == Then::stall ? "http.timeout" : "http.broken") << bytes;
    }
}

INSTANTIATE_TEST_SUITE_P(EveryByte, HttpPoolFaults,
                         ::testing::Combine(::testing::Values(0U, 1U, 2U, 3U),
                                            ::testing::Values(Then::close, Then::reset, Then::stall)),
                         [](const auto& test) {
                             const auto end = std::get<1>(test.param);
                             return shapes.at(std::get<0>(test.param)).name + (end == Then::close   ? "Closed"
                                                                               : end == Then::reset ? "Reset"
                                                                                                    : "Stalled");
                         });

}  // namespace
}  // namespace orderflow::net
