// The feed of another process than the one that writes.
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <vector>

#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "libs/storage/postgres/postgres_session.hpp"

namespace orderflow::storage {
namespace {

using namespace std::chrono_literals;
using orders::group_of;

class PostgresOrderFeedTest : public ::testing::Test {
  protected:
    void follow(std::uint32_t number) {
        followed.push_back(rig.feed().subscribe(
            orders::samples::order_id(number),
            [this, number](std::int32_t version) { version == 0 ? ++calls_without_news : ++heard[number]; }));
        rig.loop().advance(1s);
        calls_without_news = 0;
    }
    void apply(orders::Change change) { EXPECT_TRUE(rig.loop().run(rig.store().apply(group_of(std::move(change))))); }

    PostgresRig rig;
    std::map<std::uint32_t, int> heard;
    int calls_without_news = 0;
    std::vector<std::unique_ptr<orders::OrderFeed::Subscription>> followed;
};

// Order 1 takes the lower numbers of order_event_numbers and commits after order 2. A cursor over them would have
// passed order 1 by.
TEST_F(PostgresOrderFeedTest, GivenATransactionThatTookItsNumberFirstAndCommitsLast_ThenItsChangeIsHeard) {
    follow(1);
    follow(2);
    test_server().sql(
        "CREATE TABLE gate (n int); CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "new.id "
        "= '" +
        uuid_of(orders::samples::order_id(1)) +
        "' THEN LOCK TABLE gate; END IF; RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER in_commit AFTER INSERT ON "
        "orders "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_gate()");
    Intruder intruder(rig.options().connect.url);
    intruder.run("BEGIN");
    intruder.run("LOCK TABLE gate");
    auto first = std::async(std::launch::async, [this] {
        OtherWorker worker(rig);
        return worker.apply(group_of(placing(1))).has_value();
    });
    intruder.wait_for_waiting(1);
    apply(placing(2, {{"lamp", 1}}));
    rig.loop().advance(2s);  // it asks, whether or not its notification has arrived
    EXPECT_TRUE(heard.empty()) << "order 2 waits for the older transaction";

    intruder.run("COMMIT");
    EXPECT_TRUE(first.get());
    rig.loop().advance(2s);

    EXPECT_EQ(heard[1], 1);
    EXPECT_EQ(heard[2], 1);
}

TEST_F(PostgresOrderFeedTest, GivenANotification_WhenItArrives_ThenTheChangeIsHeardWithoutAskingInVain) {
    PostgresFeedOptions options{rig.options().connect};
    options.recheck = 24h;
    PostgresOrderFeed feed(rig.loop(), rig.loop().clock(), options);
    bool told = false;
    const auto listener =
        feed.subscribe(orders::samples::order_id(1), [&told](std::int32_t version) { told |= version != 0; });
    rig.loop().advance(1s);

    const auto began = rig.loop().clock().now();
    apply(placing(1));
    while (!told) rig.loop().advance(options.poll);

    EXPECT_LT(rig.loop().clock().now() - began, options.recheck);
}

TEST_F(PostgresOrderFeedTest, GivenNoNotification_ThenTheChangeIsHeardWithinASecond) {
    apply(placing(1));
    follow(1);
    Intruder(rig.options().connect.url).run("UPDATE order_events SET xact = pg_current_xact_id()");

    rig.loop().advance(500ms);
    EXPECT_EQ(heard[1], 0);
    rig.loop().advance(600ms);

    EXPECT_EQ(heard[1], 1);
}

TEST_F(PostgresOrderFeedTest, GivenAServerThatWasKilled_WhenItIsBack_ThenEverybodyIsToldToLookAndChangesAreHeard) {
    follow(1);
    test_server().kill();
    rig.loop().advance(1s);
    test_server().start();

    rig.loop().advance(PostgresSession::pause_max + 1s);
    EXPECT_GE(calls_without_news, 1);
    EXPECT_FALSE(rig.loop().run(rig.store().apply({}))) << "the store learns that its session is gone";
    apply(placing(1));
    rig.loop().advance(1s);

    EXPECT_EQ(heard[1], 1);
}

}  // namespace
}  // namespace orderflow::storage
