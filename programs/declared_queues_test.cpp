#include "programs/declared_queues.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Read {
    std::vector<DeclaredQueue> queues;
    std::vector<std::string> errors;
};

Read read(const std::string& text) {
    const Environment environment{{"ORDERFLOW_SQS_QUEUES", text}};
    SettingsReader settings(environment);
    auto queues = read_declared_queues(settings);
    return {std::move(queues), settings.errors()};
}

struct Wrong {
    const char* text;
    const char* why;
};

class WrongDeclaration : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongDeclaration, WhenRead_ThenItNamesThePlaceAndWhatIsAllowed) {
    const auto [queues, errors] = read(GetParam().text);
    EXPECT_THAT(queues, IsEmpty());
    ASSERT_THAT(errors, SizeIs(1)) << GetParam().text;
    EXPECT_EQ(errors[0], std::string("ORDERFLOW_SQS_QUEUES: ") + GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongDeclaration,
    ::testing::Values(
        Wrong{"a b", "entry 1 (a b): a name has 1 to 80 letters, digits, hyphens and underscores"},
        Wrong{":delay=1", "entry 1 (): a name has 1 to 80 letters, digits, hyphens and underscores"},
        Wrong{"a;b.fifo", "entry 2 (b.fifo): FIFO queues are not there yet"},
        Wrong{"orders", "entry 1 (orders): this queue is there from the start, with settings of its own"},
        Wrong{"a:visibilty=1",
              "entry 1 (a), visibilty: there is no such setting; there are visibility, delay, retention, wait, "
              "max_bytes, dlq, max_receives and region"},
        Wrong{"a:delay", "entry 1 (a), delay: expected setting=value"},
        Wrong{"a:delay=1,delay=1", "entry 1 (a), delay: it stands there twice"},
        Wrong{"a:visibility=", "entry 1 (a), visibility: '' is no time from 0s to 12h; write 90, 90s, 15m, 12h or 4d"},
        Wrong{"a:visibility=13h",
              "entry 1 (a), visibility: '13h' is no time from 0s to 12h; write 90, 90s, 15m, 12h or 4d"},
        Wrong{"a:delay=16m", "entry 1 (a), delay: '16m' is no time from 0s to 15m; write 90, 90s, 15m, 12h or 4d"},
        Wrong{"a:delay=-1", "entry 1 (a), delay: '-1' is no time from 0s to 15m; write 90, 90s, 15m, 12h or 4d"},
        Wrong{"a:delay=1.5m", "entry 1 (a), delay: '1.5m' is no time from 0s to 15m; write 90, 90s, 15m, 12h or 4d"},
        Wrong{"a:retention=59",
              "entry 1 (a), retention: '59' is no time from 60s to 14d; write 90, 90s, 15m, 12h or 4d"},
        Wrong{"a:retention=18446744073709551615d",
              "entry 1 (a), retention: '18446744073709551615d' is no time from 60s to 14d; write 90, 90s, 15m, 12h or "
              "4d"},
        Wrong{"a:wait=21", "entry 1 (a), wait: '21' is no time from 0s to 20s; write 90, 90s, 15m, 12h or 4d"},
        Wrong{"a:max_bytes=1023", "entry 1 (a), max_bytes: '1023' is no whole number from 1024 to 1048576"},
        Wrong{"a:max_bytes=1MB", "entry 1 (a), max_bytes: '1MB' is no whole number from 1024 to 1048576"},
        Wrong{"a:dlq=b;b",
              "entry 1 (a), dlq: it needs max_receives=1 to 1000, the receives before a message goes there"},
        Wrong{"a:max_receives=3", "entry 1 (a), max_receives: it needs a dead-letter queue: dlq=NAME"},
        Wrong{"a:dlq=none,max_receives=3", "entry 1 (a), max_receives: it needs a dead-letter queue: dlq=NAME"},
        Wrong{"a:dlq=a,max_receives=3", "entry 1 (a), dlq: a queue is not its own dead-letter queue"},
        Wrong{"a:dlq=b,max_receives=0;b", "entry 1 (a), max_receives: '0' is no whole number from 1 to 1000"},
        Wrong{"a:dlq=b,max_receives=3", "a, dlq: b is not declared in us-east-1; add it: '...; b'"},
        Wrong{"a:region=eu-west-1,dlq=b,max_receives=3;b", "a, dlq: b is not declared in eu-west-1; add it: '...; b'"},
        Wrong{"a:region=eu west", "entry 1 (a), region: 'eu west' is no region, such as eu-central-1"},
        Wrong{"a:dlq=b,max_receives=3;b:dlq=a,max_receives=3",
              "a, dlq: a -> b -> a is a circle of dead-letter queues; one of them must have none"},
        Wrong{"x:dlq=a,max_receives=1;a:dlq=b,max_receives=3;b:dlq=c,max_receives=3;c:dlq=a,max_receives=1;y",
              "a, dlq: x -> a -> b -> c -> a is a circle of dead-letter queues; one of them must have none"},
        Wrong{"a;b;a", "a is declared twice"}));

TEST(DeclaredQueues, GivenSeveralErrors_WhenRead_ThenAllAreTold) {
    const auto [queues, errors] = read("a:wait=1h,delay=x; orders; good");
    EXPECT_THAT(queues, IsEmpty());
    EXPECT_THAT(errors, ElementsAre(HasSubstr("(a), wait"), HasSubstr("(a), delay"), HasSubstr("(orders)")));
}

TEST(DeclaredQueues, GivenMoreThanThereMayBe_WhenRead_ThenItIsRefused) {
    std::string text;
    for (std::size_t i = 0; i <= declared_queues_max; ++i) text += "q" + std::to_string(i) + ";";
    EXPECT_THAT(read(text).errors, ElementsAre("ORDERFLOW_SQS_QUEUES: there are more than 1000 queues"));
}

TEST(DeclaredQueues, GivenNothing_WhenRead_ThenThereIsNone) {
    for (const auto* text : {"", " ", ";", " ; \n ;"}) {
        EXPECT_THAT(read(text).queues, IsEmpty());
        EXPECT_THAT(read(text).errors, IsEmpty());
    }
}

TEST(DeclaredQueues, GivenQueuesOverSeveralLines_WhenRead_ThenEachHasWhatIsNamed) {
    const auto [queues, errors] = read(
        "jobs: visibility=5m, delay = 10, retention=14d, wait=20s,\n"
        "      max_bytes=2048, dlq=jobs-dlq, max_receives=7;\n"
        "jobs-dlq;\n"
        "plain: region=eu-central-1, dlq=none;\n");

    ASSERT_THAT(errors, IsEmpty());
    ASSERT_THAT(queues, SizeIs(3));
    queue::QueueSettings expected;
    expected.visibility_timeout = std::chrono::minutes(5);
    expected.delay = std::chrono::seconds(10);
    expected.retention = std::chrono::days(14);
    expected.receive_wait = std::chrono::seconds(20);
    expected.maximum_message_size = 2048;
    expected.redrive = queue::RedrivePolicy{"jobs-dlq", 7};
    EXPECT_EQ(queues[0].name, "jobs");
    EXPECT_EQ(with_declared({}, queues[0]), expected);
    EXPECT_EQ(with_declared({}, queues[1]), queue::QueueSettings());
    EXPECT_EQ(queues[2].region, "eu-central-1");
    EXPECT_EQ(with_declared(expected, queues[2]).redrive, std::nullopt);
    EXPECT_EQ(with_declared(expected, queues[2]).delay, std::chrono::seconds(10)) << "what is not named stays";
}

TEST(DeclaredQueues, GivenAChainOfDeadLetterQueues_WhenRead_ThenItIsNoCircle) {
    const auto [queues, errors] = read(
        "a:dlq=c,max_receives=1; b:dlq=c,max_receives=1; c:dlq=d,max_receives=1; d;"
        "d:region=eu-west-1,dlq=a,max_receives=1; a:region=eu-west-1");

    EXPECT_THAT(errors, IsEmpty());
    EXPECT_THAT(queues, SizeIs(6));
}

TEST(DeclaredQueues, GivenSettingsThatDiffer_ThenEachDifferenceIsTold) {
    const auto [queues, errors] = read("a: visibility=90, retention=2d, max_bytes=1024, dlq=b, max_receives=3; b");
    ASSERT_THAT(errors, IsEmpty());
    EXPECT_THAT(differences({}, with_declared({}, queues[0])),
                ElementsAre("visibility 30s -> 90s", "retention 4d -> 2d", "max_bytes 1048576 -> 1024",
                            "dlq none -> b after 3 receives"));
}

}  // namespace
}  // namespace orderflow
