// Method: the process runs out of file descriptors for real (RLIMIT_NOFILE). Clients must still be answered, one after
// the other, the server must not spin, and it must recover by itself.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "tests/integration/http_test_server.hpp"

namespace orderflow::net {
namespace {

constexpr std::string_view request = "GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\n";

task<Response> say_ok(const Request&) { co_return Response::of(200, "text/plain", "ok"); }
Route health() { return {.method = Method::get, .pattern = "/healthz", .handler = say_ok, .name = "health"}; }

// Every descriptor below the limit is taken, but those of the clients.
class NoDescriptors {
  public:
    NoDescriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit small = before_;
        small.rlim_cur = std::min<rlim_t>(before_.rlim_cur, 200);
        ::setrlimit(RLIMIT_NOFILE, &small);
        for (int descriptor = 0; (descriptor = ::open("/dev/null", O_RDONLY)) >= 0;) taken_.push_back(descriptor);
    }
    NoDescriptors(const NoDescriptors&) = delete;
    NoDescriptors& operator=(const NoDescriptors&) = delete;
    ~NoDescriptors() {
        while (!taken_.empty()) free_one();
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }
    void free_one() {
        ::close(taken_.back());
        taken_.pop_back();
    }

  private:
    rlimit before_{};
    std::vector<int> taken_;
};

// No assertion while there are no descriptors: a report may need one.
TEST(HttpServerDescriptors, GivenNoFileDescriptorLeft_WhenClientsCome_ThenServesThemOneByOneAndRecovers) {
    HttpTestServer server({health()});
    ASSERT_TRUE(server.connect().ask(request));
    ASSERT_TRUE(server.observer.wait_closed(1));
    std::vector<std::optional<TestResponse>> answers;
    bool all_closed = true;

    {
        NoDescriptors exhausted;
        exhausted.free_one();  // for the client's end
        for (int i = 0; i < 3; ++i) {
            {
                auto client = server.connect();
                answers.push_back(client.ask(request));
                all_closed = client.ends() && all_closed;
            }
            all_closed = server.observer.wait_closed(i + 2) && all_closed;
        }
    }
    auto client = server.connect();
    const auto after = client.ask(request);

    EXPECT_TRUE(all_closed);
    for (const auto& answer : answers) {
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 200U);
        EXPECT_EQ(answer->field("connection"), "close");
    }
    EXPECT_GE(server.observer.accept_failures(), 1);
    EXPECT_LE(server.observer.accept_failures(), 200) << "it should wait between its tries";
    ASSERT_TRUE(after);
    EXPECT_FALSE(after->field("connection").has_value());
}

}  // namespace
}  // namespace orderflow::net
