#include "orderflow/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Config, GivenNothing_WhenRead_ThenTheDefaultsOfTheFixedInterfaceHold) {
    const auto config = read_config({});

    ASSERT_TRUE(config);
    EXPECT_EQ(config->listen, "127.0.0.1:8080");
    EXPECT_EQ(config->data_dir, "data");
    EXPECT_EQ(config->store.file, "data/orders.db");
    EXPECT_EQ(config->drain.count(), 25);
    EXPECT_EQ(config->api.admin_token, std::nullopt);
}

TEST(Config, GivenSeveralMistakes_WhenRead_ThenAllAreNamedAtOnce) {
    const auto config = read_config({{"ORDERFLOW_DRAIN_SECONDS", "soon"},
                                     {"DATABASE_URL", "mysql://x"},
                                     {"ORDERFLOW_ADMIN_TOKEN", "short"},
                                     {"ORDERFLOW_LOG_LEVEL", "loud"},
                                     {"ORDERFLOW_DATADIR", "/x"}});

    ASSERT_FALSE(config);
    EXPECT_THAT(config.error(), SizeIs(5));
    EXPECT_THAT(config.error(), Contains(HasSubstr("ORDERFLOW_DRAIN_SECONDS: 'soon'")));
    EXPECT_THAT(config.error(), Contains(HasSubstr("DATABASE_URL: expected sqlite:<path>")));
    EXPECT_THAT(config.error(), Contains(HasSubstr("ORDERFLOW_DATADIR: there is no such setting")));
}

TEST(Config, GivenDeclaredQueues_WhenRead_ThenTheyAreThereAndAMistakeIsNamed) {
    EXPECT_EQ(read_config({{"ORDERFLOW_SQS_QUEUES", "jobs; audit"}})->queues.size(), 2U);
    EXPECT_THAT(read_config({{"ORDERFLOW_SQS_QUEUES", "jobs: delay=x"}}).error(),
                Contains(HasSubstr("entry 1 (jobs), delay")));
}

TEST(Config, GivenWhatWebhooksMay_WhenRead_ThenASpaceBehindTheCommaIsTakenAndAnotherWordIsNot) {
    for (const auto* text : {"private,http", "private, http", "http,private"}) {
        const auto config = read_config({{"ORDERFLOW_WEBHOOK_ALLOW", text}});
        ASSERT_TRUE(config) << text;
        EXPECT_TRUE(config->api.webhook_rules.private_addresses) << text;
        EXPECT_TRUE(config->api.webhook_rules.plain_http) << text;
    }
    for (const auto* text : {"privat", "private http", "private,,http"}) {
        EXPECT_THAT(read_config({{"ORDERFLOW_WEBHOOK_ALLOW", text}}).error(),
                    Contains(HasSubstr("expected private, http, or private,http")))
            << text;
    }
}

TEST(Config, GivenAnAlarmUrl_WhenRead_ThenAlarmsGoThereThroughTheUsualProxy) {
    EXPECT_FALSE(read_config({})->alarm_target);

    const auto config = read_config(
        {{"ORDERFLOW_ALARM_URL", "https://hooks.example.com/x?y"}, {"HTTPS_PROXY", "http://proxy.example.com:3128"}});

    ASSERT_TRUE(config);
    ASSERT_TRUE(config->alarm_target);
    EXPECT_EQ(config->alarm_target->url.host, "hooks.example.com");
    EXPECT_EQ(config->alarm_target->url.target, "/x?y");
    EXPECT_EQ(config->alarm_target->proxies.for_https->host, "proxy.example.com");
}

TEST(Config, GivenAnAlarmUrlThatIsNone_WhenRead_ThenTheMistakeIsNamed) {
    const auto config = read_config({{"ORDERFLOW_ALARM_URL", "mailto:ada@example.com"}});

    ASSERT_FALSE(config);
    EXPECT_THAT(config.error(), Contains(HasSubstr("ORDERFLOW_ALARM_URL: expected an http or https URL")));
}

TEST(Config, GivenADatabaseUrl_WhenRead_ThenTheStoreIsThere) {
    const auto config = read_config({{"DATABASE_URL", "sqlite:/srv/shop.db"}});

    ASSERT_TRUE(config);
    EXPECT_EQ(config->store.file, "/srv/shop.db");
}

TEST(Config, GivenAPostgresUrl_WhenRead_ThenItIsTheStoreAndItsPasswordIsNotShown) {
    const auto config = read_config({{"DATABASE_URL", "postgresql://shop:secret@db:5433/orders?sslmode=verify-full"}});

    ASSERT_TRUE(config);
    EXPECT_TRUE(config->store.is_postgres());
    EXPECT_EQ(config->store.description(), "postgresql://shop@db:5433/orders");
}

TEST(Config, GivenAPostgresUrlThatLibpqDoesNotTake_WhenRead_ThenItIsRefusedWithoutItsPassword) {
    const auto config = read_config({{"DATABASE_URL", "postgresql://shop:secret@db:5433/orders?sslmode=on&x=1"}});

    ASSERT_FALSE(config);
    EXPECT_THAT(config.error(), Contains(HasSubstr("DATABASE_URL: expected sqlite:<path>")));
    EXPECT_THAT(config.error(), Not(Contains(HasSubstr("secret"))));
}

TEST(Config, GivenTheWorkerIsOff_WhenRead_ThenItIsOffAndOnIsTheDefault) {
    EXPECT_FALSE(read_config({{"ORDERFLOW_WORKER", "off"}})->worker);
    EXPECT_TRUE(read_config({})->worker);
}

}  // namespace
}  // namespace orderflow
