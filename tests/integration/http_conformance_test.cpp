// Method: raw bytes go to a real server over a real socket; a table says which answers come back and whether the
// connection lives on. Behind every request that must end the connection a second request is hidden; if it ever reaches
// its handler, the bytes of one request were taken for another: request smuggling.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/http_conformance_cases.hpp"
#include "tests/integration/http_test_server.hpp"

namespace orderflow::net {
namespace {

std::atomic<int> smuggled = 0;

task<Response> say_ok(const Request&) { co_return Response::of(200, "text/plain", "ok"); }
task<Response> echo(const Request& request) { co_return Response::of(200, "text/plain", std::string(request.body)); }
task<Response> count_smuggled(const Request&) {
    ++smuggled;
    co_return Response::of(200, "text/plain", "smuggled");
}
task<Response> say_path(const Request& request) {
    co_return Response::of(200, "text/plain", std::string(request.param("name")) + "?" + std::string(request.query));
}

std::vector<Route> routes() {
    return {{.method = Method::get, .pattern = "/", .handler = say_ok, .name = "root"},
            {.method = Method::get, .pattern = "/ok", .handler = say_ok, .name = "ok"},
            {.method = Method::post, .pattern = "/echo", .handler = echo, .name = "echo"},
            {.method = Method::put, .pattern = "/echo", .handler = echo, .name = "echo-put"},
            {.method = Method::get, .pattern = "/name/{name}", .handler = say_path, .name = "name"},
            {.method = Method::get, .pattern = "/smuggled", .handler = count_smuggled, .name = "smuggled"}};
}

class HttpConformance : public ::testing::TestWithParam<Case> {
  protected:
    static void SetUpTestSuite() { server = std::make_unique<HttpTestServer>(routes()); }
    static void TearDownTestSuite() { server.reset(); }

    static std::unique_ptr<HttpTestServer> server;
};
std::unique_ptr<HttpTestServer> HttpConformance::server;

TEST_P(HttpConformance, IsAnsweredAsTheTableSays) {
    const auto& expected = GetParam();
    const bool closes = expected.then == Then::closed;
    const std::string hidden = "GET /smuggled HTTP/1.1\r\nHost: shop\r\n\r\n";
    const auto smuggled_before = smuggled.load();
    auto client = server->connect();

    client.send(closes ? expected.request + hidden : expected.request);
    std::vector<unsigned> answers;
    std::optional<TestResponse> last;
    for (std::size_t i = 0; i < expected.answers.size(); ++i) {
        last = client.read_response(expected.request.starts_with("HEAD "));
        if (!last) break;
        answers.push_back(last->status);
    }

    ASSERT_THAT(answers, ::testing::ContainerEq(expected.answers));
    if (!expected.body.empty()) EXPECT_EQ(last->body, expected.body);
    if (last->status >= 400) {
        EXPECT_EQ(last->field("content-type"), "application/problem+json");
        EXPECT_THAT(last->body, ::testing::HasSubstr("\"code\":\""));
    }
    EXPECT_TRUE(last->field("request-id").has_value());
    EXPECT_TRUE(last->field("date").has_value());
    if (closes) {
        EXPECT_EQ(last->field("connection"), "close");
        EXPECT_TRUE(client.ends());
        EXPECT_EQ(smuggled.load(), smuggled_before) << "the hidden request reached its handler";
    } else {
        const auto next = client.ask("GET /ok HTTP/1.1\r\nHost: shop\r\n\r\n");
        ASSERT_TRUE(next.has_value()) << "the connection should have lived on";
        EXPECT_EQ(next->status, 200U);
        EXPECT_EQ(next->body, "ok");
    }
}

// The same bytes in the worst packets: one octet at a time.
TEST_P(HttpConformance, IsAnsweredTheSameWhenItComesOctetByOctet) {
    const auto& expected = GetParam();
    if (expected.request.size() > 400) return;  // the long ones add nothing but time
    auto client = server->connect();

    for (const char octet : expected.request) {
        if (!client.send({&octet, 1})) break;
    }
    std::vector<unsigned> answers;
    while (answers.size() < expected.answers.size()) {
        const auto answer = client.read_response();
        if (!answer) break;
        if (answer->status != 100) answers.push_back(answer->status);
    }

    EXPECT_THAT(answers, ::testing::ContainerEq(expected.answers));
}

INSTANTIATE_TEST_SUITE_P(Table, HttpConformance, ::testing::ValuesIn(all_cases()),
                         [](const auto& info) { return info.param.name; });

TEST(HttpConformanceTable, HasAtLeastTwoHundredRequests) { EXPECT_GE(all_cases().size(), 200U); }

}  // namespace
}  // namespace orderflow::net
