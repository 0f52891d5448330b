#include "bench/wire/http_answer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "bench/wire/sqs_requests.hpp"

namespace orderflow::bench {
namespace {

TEST(HttpAnswer, GivenWhatIsNoAnswer_WhenRead_ThenItThrows) {
    EXPECT_THROW(answer_in("SSH-2.0-OpenSSH\r\n\r\n"), std::runtime_error);
    EXPECT_THROW(answer_in("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"), std::runtime_error);
}

TEST(HttpAnswer, GivenAnyPartOfAnAnswer_WhenRead_ThenItIsNotWhole) {
    for (const std::string whole : {"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n{ab}",
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{ab}\r\n0\r\n\r\n"}) {
        for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(answer_in(whole.substr(0, size))) << size;
        EXPECT_EQ(answer_in(whole).value().body, "{ab}");
    }
}

TEST(HttpAnswer, GivenBytesOfTheNextAnswer_WhenRead_ThenTheyAreLeft) {
    const std::string first = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";

    const auto answer = answer_in(first + "HTTP/1.1 200").value();

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.size, first.size());
    EXPECT_TRUE(answer.last);
}

TEST(SqsRequests, GivenWhatIsNoQueueUrl_WhenRead_ThenItThrows) {
    EXPECT_THROW(parse_queue_url("https://sqs.eu-west-1.amazonaws.com/1/orders"), std::invalid_argument);
    EXPECT_THROW(parse_queue_url("http://127.0.0.1:/1/orders"), std::invalid_argument);
    EXPECT_EQ(parse_queue_url("http://127.0.0.1:9324/1/orders").port, 9324);
}

TEST(SqsRequests, GivenAnswersOfSeveralServers_WhenSearched_ThenReceiptsAreFoundWhateverTheSpaces) {
    EXPECT_EQ(receipts_in(R"({"Messages":[{"ReceiptHandle":"a"},{"ReceiptHandle" : "b/+="}]})"),
              (std::vector<std::string>{"a", "b/+="}));
    EXPECT_TRUE(receipts_in("{}").empty());
}

TEST(SqsRequests, GivenEntriesThatFailed_WhenSearched_ThenTheyAreSeen) {
    EXPECT_TRUE(has_failed_entries(R"({"Successful":[],"Failed":[{"Id":"0"}]})"));
    EXPECT_FALSE(has_failed_entries(R"({"Failed": [ ],"Successful":[{"Id":"0"}]})"));
    EXPECT_FALSE(has_failed_entries(R"({"Successful":[{"Id":"0"}]})"));
}

}  // namespace
}  // namespace orderflow::bench
