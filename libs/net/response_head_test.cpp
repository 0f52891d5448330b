#include "libs/net/response_head.hpp"

#include <gtest/gtest.h>

#include "libs/net/http_date.hpp"

namespace orderflow::net {
namespace {

ResponseFrame frame() { return {.length = 2, .date = "D", .request_id = "r"}; }

TEST(ResponseHead, GivenResponse_WhenWritten_ThenFieldsStandInOrder) {
    std::string out = "before ";

    ASSERT_TRUE(append_head(out, Response::json(202, "{}").field("Location", "/v1/orders/1"), frame()));

    EXPECT_EQ(out,
              "before HTTP/1.1 202 Accepted\r\nDate: D\r\nRequest-Id: r\r\nContent-Type: application/json\r\n"
              "Location: /v1/orders/1\r\nContent-Length: 2\r\n\r\n");
}

TEST(ResponseHead, GivenFrames_WhenWritten_ThenFramingFollows) {
    const auto written = [](ResponseFrame::Body body, bool close, bool says_keep_alive) {
        auto with = frame();
        with.body = body;
        with.close = close;
        with.says_keep_alive = says_keep_alive;
        std::string out;
        append_head(out, Response{}, with);
        return out.substr(out.find("Request-Id: r") + 13);
    };

    EXPECT_EQ(written(ResponseFrame::Body::none, false, false), "\r\n\r\n");
    EXPECT_EQ(written(ResponseFrame::Body::chunked, true, false),
              "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(written(ResponseFrame::Body::until_close, true, true), "\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(written(ResponseFrame::Body::sized, false, true),
              "\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n");
}

TEST(ResponseHead, GivenFieldThatIsNotSendable_WhenWritten_ThenNothingIs) {
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"X", "a\r\nY: b"},
                                                          {"X", "a\n"},
                                                          {"X", std::string(1, '\0')},
                                                          {"X Y", "a"},
                                                          {"", "a"},
                                                          {"X:", "a"},
                                                          {"date", "a"},
                                                          {"Content-Length", "3"},
                                                          {"TRANSFER-ENCODING", "chunked"}}) {
        std::string out;

        EXPECT_FALSE(append_head(out, Response{}.field(name, value), frame())) << name;

        EXPECT_TRUE(out.empty());
    }
}

TEST(ResponseHead, GivenChunkSizes_WhenWritten_ThenHexadecimal) {
    std::string out;

    append_chunk_size(out, 500);

    EXPECT_EQ(out, "1f4\r\n");
}

TEST(RequestId, GivenClientValue_WhenAsked_ThenOnlyUnreservedUpTo64) {
    EXPECT_TRUE(is_request_id("A-z.0_9~"));
    EXPECT_TRUE(is_request_id(std::string(64, 'a')));
    EXPECT_FALSE(is_request_id(""));
    EXPECT_FALSE(is_request_id(std::string(65, 'a')));
    EXPECT_FALSE(is_request_id("a b"));
    EXPECT_FALSE(is_request_id("a/b"));
}

TEST(HttpDate, GivenTimes_WhenFormatted_ThenAsRfc9110Says) {
    EXPECT_EQ(format_http_date(from_unix_ms(784'111'777'000)), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(format_http_date(from_unix_ms(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(format_http_date(from_unix_ms(1'709'210'096'999)), "Thu, 29 Feb 2024 12:34:56 GMT");
}

TEST(HttpDate, GivenADate_WhenParsed_ThenItIsThatTimeOrNothing) {
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), from_unix_ms(784'111'777'000));
    for (const auto* text :
         {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET"}) {
        EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
    }
}

TEST(HttpDate, GivenSameSecond_WhenAskedAgain_ThenTheSame) {
    HttpDate date;

    const std::string first(date.at(from_unix_ms(1000)));
    const std::string same(date.at(from_unix_ms(1999)));
    const std::string next(date.at(from_unix_ms(2000)));

    EXPECT_EQ(first, same);
    EXPECT_NE(first, next);
}

}  // namespace
}  // namespace orderflow::net
