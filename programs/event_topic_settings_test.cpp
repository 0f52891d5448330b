#include "programs/event_topic_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string arn = "arn:aws:sns:eu-west-1:123456789012:orders";

std::vector<std::string> errors_of(const Environment& environment) {
    SettingsReader reader(environment);
    (void)read_event_topic(reader, environment);
    reader.refuse_unknown("ORDERFLOW_");
    return reader.errors();
}

TEST(EventTopicSettings, GivenATextThatIsNoTopic_WhenRead_ThenItSaysWhatOneIs) {
    EXPECT_THAT(errors_of({{"ORDERFLOW_EVENTS_TOPIC_ARN", "orders"}}),
                ElementsAre(HasSubstr("ORDERFLOW_EVENTS_TOPIC_ARN: the ARN of a topic is arn:aws:sns:")));
    EXPECT_THAT(errors_of({{"ORDERFLOW_EVENTS_TOPIC_ARN", arn}, {"AWS_ENDPOINT_URL_SNS", "nowhere"}}),
                ElementsAre(HasSubstr("AWS_ENDPOINT_URL_SNS")));
}

TEST(EventTopicSettings, GivenNone_WhenRead_ThenThereIsNoTopic) {
    const Environment environment;
    SettingsReader reader(environment);
    EXPECT_FALSE(read_event_topic(reader, environment));
    EXPECT_THAT(errors_of({}), IsEmpty());
}

TEST(EventTopicSettings, GivenATopic_WhenChecked_ThenItSaysWhereEventsGoAndThatNobodyWasAsked) {
    const Environment environment{{"ORDERFLOW_EVENTS_TOPIC_ARN", arn + ".fifo"},
                                  {"AWS_ENDPOINT_URL_SNS", "http://127.0.0.1:5000"}};
    SettingsReader reader(environment);
    StartCheck check;
    check_event_topic(check, read_event_topic(reader, environment));
    EXPECT_THAT(check.text(), HasSubstr(arn + ".fifo (FIFO) at http://127.0.0.1:5000, not asked"));
    EXPECT_TRUE(check.all_good());
}

}  // namespace
}  // namespace orderflow
