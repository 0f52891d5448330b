#include "libs/net/http_response_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace orderflow::net {
namespace {

using State = HttpResponseReader::State;

State feed(HttpResponseReader& reader, std::string_view bytes) {
    auto state = State::incomplete;
    while (!bytes.empty() && state == State::incomplete) {
        const auto space = reader.space();
        const auto count = std::min(space.size(), bytes.size());
        std::memcpy(space.data(), bytes.data(), count);
        bytes.remove_prefix(count);
        state = reader.received(count);
    }
    return state;
}

State read_all(std::string_view bytes) {
    HttpResponseReader reader(1024);
    return feed(reader, bytes);
}

constexpr std::string_view accepted =
    "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"id\":1}";

TEST(HttpResponseReader, GivenAWholeAnswer_ThenStatusAndBodyAreThere) {
    HttpResponseReader reader(1024);
    EXPECT_EQ(feed(reader, accepted), State::complete);
    EXPECT_EQ(reader.status(), 202);
    EXPECT_EQ(reader.body(), "{\"id\":1}");
    EXPECT_TRUE(reader.keep_alive());
}

TEST(HttpResponseReader, GivenAnAnswerByteByByte_ThenItIsCompleteWithTheLastOne) {
    HttpResponseReader reader(1024);
    for (std::size_t i = 0; i + 1 < accepted.size(); ++i) {
        ASSERT_EQ(feed(reader, accepted.substr(i, 1)), State::incomplete) << i;
    }
    EXPECT_EQ(feed(reader, accepted.substr(accepted.size() - 1)), State::complete);
    EXPECT_EQ(reader.body(), "{\"id\":1}");
}

TEST(HttpResponseReader, GivenAnAnswerLargerThanExpected_ThenTheBufferGrows) {
    HttpResponseReader reader(64 * 1024, 16);
    const std::string body(40'000, 'x');
    EXPECT_EQ(feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + body), State::complete);
    EXPECT_EQ(reader.body(), body);
}

TEST(HttpResponseReader, GivenASecondAnswerBehindTheFirst_ThenNextFindsIt) {
    HttpResponseReader reader(1024);
    feed(reader, std::string(accepted) + "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(reader.body(), "{\"id\":1}");
    EXPECT_EQ(reader.next(), State::complete);
    EXPECT_EQ(reader.status(), 204);
    EXPECT_FALSE(reader.keep_alive());
    EXPECT_EQ(reader.next(), State::incomplete);
    EXPECT_FALSE(reader.has_begun());
}

TEST(HttpResponseReader, GivenAnInterimAnswer_ThenItIsPassedOver) {
    HttpResponseReader reader(1024);
    EXPECT_EQ(feed(reader, "HTTP/1.1 100 Continue\r\n\r\n"), State::incomplete);
    EXPECT_EQ(feed(reader, accepted), State::complete);
    EXPECT_EQ(reader.status(), 202);
}

TEST(HttpResponseReader, GivenHttp10_ThenTheConnectionIsNotKept) {
    HttpResponseReader reader(1024);
    EXPECT_EQ(feed(reader, "HTTP/1.0 200 OK\r\ncontent-length:0\r\n\r\n"), State::complete);
    EXPECT_FALSE(reader.keep_alive());
}

TEST(HttpResponseReader, GivenGarbage_ThenItIsMalformed) {
    EXPECT_EQ(read_all("SSH-2.0-OpenSSH_9.2\r\n\r\n"), State::malformed);
    EXPECT_EQ(read_all("HTTP/1.1 2x2 Odd\r\n\r\n"), State::malformed);
    EXPECT_EQ(read_all("HTTP/1.1 099 Odd\r\n\r\n"), State::malformed);
    EXPECT_EQ(read_all("HTTP/1.1\r\n\r\n"), State::malformed);
    EXPECT_EQ(read_all("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"), State::malformed);
    EXPECT_EQ(read_all("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), State::malformed);
    EXPECT_EQ(read_all("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), State::malformed);
}

TEST(HttpResponseReader, GivenALengthThatIsNotSaid_ThenItIsUnsupported) {
    EXPECT_EQ(read_all("HTTP/1.1 200 OK\r\n\r\n"), State::unsupported);
    EXPECT_EQ(read_all("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), State::unsupported);
}

TEST(HttpResponseReader, GivenMoreThanTheLimit_ThenItIsTooLarge) {
    EXPECT_EQ(read_all("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"), State::too_large);
    EXPECT_EQ(read_all("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n"), State::too_large);
    EXPECT_EQ(read_all("HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x')), State::too_large);
}

}  // namespace
}  // namespace orderflow::net
