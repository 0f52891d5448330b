// The contract of the EndpointStore and EndpointReader ports beside the OrderStore that writes the events.
//
// An Adapter gives, beside what operator_store_contract.hpp asks for: `orders::EndpointStore& endpoints()` and
// `orders::EndpointReader& endpoint_reader()`.
#pragma once

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::orders {

template <class Adapter>
class EndpointStoreContract : public OrderStoreFixture<Adapter> {
  protected:
    CommandRecord carry_out(const std::string& command, const std::string& endpoint, EndpointWish wish,
                            WallTime asked_at = samples::at(3)) {
        OperatorCommand wanted(command, EndpointCommand(endpoint, std::move(wish)), asked_at);
        const auto step = this->value_of(this->loop().run(this->setup.operators().operate(wanted)));
        EXPECT_EQ(step.kind, OperatorStep::Kind::finished);
        return this->value_of(this->loop().run(this->setup.operator_reader().command(command))).value();
    }
    void create(const std::string& endpoint) {
        CreateEndpoint create;
        create.settings.url = "https://shop.example/" + endpoint;
        create.settings.events = {EventType::order_created, EventType::order_confirmed};
        create.secret = "whsec_first";
        EXPECT_EQ(carry_out("create-" + endpoint, endpoint, create).state, CommandState::done);
    }
    std::optional<EventEndpoint> endpoint(const std::string& id) {
        return this->value_of(this->loop().run(this->setup.endpoint_reader().endpoint(id)));
    }
    std::vector<EventLane> lanes(const std::string& id) {
        return this->value_of(this->loop().run(this->setup.endpoint_reader().lanes(id)));
    }
    bool lease(const std::string& id, std::string from, std::int64_t beat, std::string to) {
        return this->value_of(this->loop().run(
            this->setup.endpoints().change_lease({id, std::move(from), beat, std::move(to), beat + 1})));
    }
    Result<void> try_record(DeliveryProgress progress) {
        return this->loop().run(this->setup.endpoints().record(std::move(progress)));
    }
    void record(DeliveryProgress progress) {
        const auto recorded = try_record(std::move(progress));
        EXPECT_TRUE(recorded) << recorded.error().code() << " " << recorded.error().detail();
    }
    static DeliveryProgress progress(std::string id, std::string owner) {
        DeliveryProgress made;
        made.endpoint = std::move(id);
        made.owner = std::move(owner);
        return made;
    }
    static EventDelivery entry(std::uint32_t order, std::int32_t version, DeliveryOutcome outcome) {
        EventDelivery delivery("wh_1", samples::order_id(order), version);
        delivery.type = EventType::order_created;
        delivery.at = samples::at(version);
        delivery.outcome = outcome;
        delivery.status = 500;
        delivery.duration_ms = 12;
        delivery.code = "http-500";
        delivery.answer = "no";
        delivery.next_attempt_at = samples::at(90);
        return delivery;
    }
    DeliveryPage deliveries(DeliveryQuery query) {
        query.endpoint = "wh_1";
        return this->value_of(this->loop().run(this->setup.endpoint_reader().deliveries(std::move(query))));
    }
    FeedPage feed(EventPosition after, std::uint32_t transitions = 1000) {
        return this->value_of(this->loop().run(this->setup.endpoint_reader().feed(after, transitions)));
    }
    EventPosition head() { return this->value_of(this->loop().run(this->setup.endpoint_reader().feed_head())); }
    std::vector<std::string> names(const FeedPage& page) {
        std::vector<std::string> names;
        for (const auto& one : page.events) {
            for (std::uint32_t order = 1; order < 20; ++order) {
                if (one.order == samples::order_id(order)) {
                    names.push_back(std::to_string(order) + ":" + std::to_string(one.event.version));
                }
            }
        }
        return names;
    }
};

TYPED_TEST_SUITE_P(EndpointStoreContract);

TYPED_TEST_P(EndpointStoreContract, GivenNothing_WhenAsked_ThenThereIsNoEndpointLaneOrEvent) {
    EXPECT_FALSE(this->endpoint("wh_1"));
    EXPECT_TRUE(this->lanes("wh_1").empty());
    EXPECT_TRUE(this->deliveries({}).deliveries.empty());
    const auto page = this->feed({});
    EXPECT_TRUE(page.events.empty());
    EXPECT_TRUE(page.at_end);
}

TYPED_TEST_P(EndpointStoreContract, GivenACreate_WhenCarriedOutTwice_ThenItIsThereOnceAndBeginsBehindWhatWas) {
    this->confirm(1);
    this->create("wh_1");
    this->create("wh_1");
    const auto made = this->endpoint("wh_1");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->settings.url, "https://shop.example/wh_1");
    EXPECT_EQ(made->settings.events, (std::vector{EventType::order_created, EventType::order_confirmed}));
    ASSERT_EQ(made->secrets.size(), 1U);
    EXPECT_EQ(made->secrets[0].text, "whsec_first");
    EXPECT_TRUE(made->enabled);
    const auto lanes = this->lanes("wh_1");
    ASSERT_EQ(lanes.size(), 1U);
    EXPECT_EQ(lanes[0].kind, LaneKind::live);
    EXPECT_TRUE(this->feed(lanes[0].cursor).events.empty()) << "what was before is not delivered";
    this->confirm(2);
    const auto next = this->names(this->feed(lanes[0].cursor));
    ASSERT_FALSE(next.empty());
    EXPECT_EQ(next.front(), "2:1");
}

TYPED_TEST_P(EndpointStoreContract, GivenAChangeThatIsTraced_WhenItsEventsAreRead_ThenTheyNameItsTraceAndOthersNone) {
    const std::string traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    auto placing = this->placing(1, {{"mug", 1}});
    placing.traceparent = traceparent;
    this->apply(std::move(placing));
    const auto first = this->events(1);
    this->apply(this->captured(1));

    ASSERT_FALSE(first.empty());
    const auto traced_up_to = first.back().version;
    const auto expected = [&](std::int32_t version) { return version <= traced_up_to ? traceparent : ""; };
    for (const auto& event : this->events(1)) EXPECT_EQ(event.traceparent, expected(event.version)) << event.version;
    for (const auto& [at, order, event] : this->feed({}).events) {
        EXPECT_EQ(event.traceparent, expected(event.version)) << event.version;
    }
}

TYPED_TEST_P(EndpointStoreContract, GivenAnUnknownEndpoint_WhenChanged_ThenTheCommandIsRefused) {
    const auto record = this->carry_out("c1", "wh_9", UpdateEndpoint());
    EXPECT_EQ(record.state, CommandState::refused);
    EXPECT_EQ(record.code, "webhook.unknown");
    EXPECT_EQ(record.action, "webhooks.update");
    EXPECT_EQ(record.target, "webhook wh_9");
}

TYPED_TEST_P(EndpointStoreContract, GivenAnOlderChangeThatComesAfterANewerOne_ThenTheNewerStands) {
    this->create("wh_1");
    this->setup.loop().advance(std::chrono::seconds(10));
    UpdateEndpoint pause;
    pause.enabled = false;
    UpdateEndpoint resume;
    resume.enabled = true;

    EXPECT_EQ(this->carry_out("newer", "wh_1", pause, samples::at(5)).state, CommandState::done);
    const auto older = this->carry_out("older", "wh_1", resume, samples::at(4));
    EXPECT_EQ(older.state, CommandState::refused);
    EXPECT_EQ(older.code, "webhook.overtaken");
    EXPECT_FALSE(this->endpoint("wh_1")->enabled);
    EXPECT_EQ(this->carry_out("key", "wh_1", RotateSecret{"whsec_second"}, samples::at(4)).state, CommandState::done)
        << "another matter";
    EXPECT_EQ(this->carry_out("old-key", "wh_1", RotateSecret{"whsec_0"}, samples::at(3)).code, "webhook.overtaken");
    EXPECT_EQ(this->endpoint("wh_1")->secrets.at(0).text, "whsec_second");
}

TYPED_TEST_P(EndpointStoreContract, GivenALease_WhenTheEndpointIsChanged_ThenTheLeaseStays) {
    this->create("wh_1");
    EXPECT_TRUE(this->lease("wh_1", "", 0, "worker-1"));
    UpdateEndpoint update;
    update.url = "https://other.example/";
    update.enabled = false;
    EXPECT_EQ(this->carry_out("c1", "wh_1", update).state, CommandState::done);
    this->carry_out("c2", "wh_1", RotateSecret{"whsec_second"});
    const auto changed = this->endpoint("wh_1");
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->settings.url, "https://other.example/");
    EXPECT_FALSE(changed->enabled);
    EXPECT_EQ(changed->disabled_code, "operator");
    EXPECT_EQ(changed->revision, 3);
    ASSERT_EQ(changed->secrets.size(), 2U);
    EXPECT_EQ(changed->secrets[0].text, "whsec_second");
    EXPECT_TRUE(changed->secrets[1].valid_until);
    EXPECT_EQ(changed->owner, "worker-1");
    EXPECT_EQ(changed->beat, 1);
}

TYPED_TEST_P(EndpointStoreContract, GivenTwoWorkers_WhenBothWantTheLease_ThenOneHasItAndTheOtherWritesNothing) {
    this->create("wh_1");
    EXPECT_TRUE(this->lease("wh_1", "", 0, "worker-1"));
    EXPECT_FALSE(this->lease("wh_1", "", 0, "worker-2"));
    EXPECT_TRUE(this->lease("wh_1", "worker-1", 1, "worker-1"));
    EXPECT_FALSE(this->lease("wh_1", "worker-1", 1, "worker-2")) << "it beats on";
    EXPECT_FALSE(this->lease("wh_9", "", 0, "worker-1"));
    auto made = this->progress("wh_1", "worker-2");
    made.log = {this->entry(1, 1, DeliveryOutcome::delivered)};
    const auto refused = this->try_record(std::move(made));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "webhook.lease_lost");
    EXPECT_TRUE(this->deliveries({}).deliveries.empty());
    EXPECT_EQ(this->try_record(this->progress("wh_9", "")).error().code(), "webhook.lease_lost");
}

TYPED_TEST_P(EndpointStoreContract, GivenProgress_WhenReadAgain_ThenAllOfItIsThere) {
    this->create("wh_1");
    this->lease("wh_1", "", 0, "worker-1");
    auto made = this->progress("wh_1", "worker-1");
    auto lane = this->lanes("wh_1").at(0);
    lane.cursor = {7, 3};
    lane.failures = 2;
    lane.last_success_at = samples::at(4);
    lane.delivered = 5;
    lane.given_up = 1;
    HeldOrder held;
    held.order = this->id(4);
    held.next = 2;
    held.through = 6;
    held.attempts = 3;
    held.wait_ms = 1'800'000;
    held.due = samples::at(100);
    held.first_failed_at = samples::at(50);
    held.event_at = samples::at(49);
    lane.held = {held, held};
    made.lanes = {lane, EventLane("removed", LaneKind::one)};
    made.log = {this->entry(1, 1, DeliveryOutcome::failed), this->entry(2, 1, DeliveryOutcome::delivered)};
    this->record(std::move(made));
    EXPECT_EQ(this->lanes("wh_1"), std::vector{lane}) << "a lane that is not there is not made";
    const auto log = this->deliveries({}).deliveries;
    ASSERT_EQ(log.size(), 2U);
    EXPECT_GT(log[0].number, log[1].number) << "the newest first";
    auto expected = this->entry(1, 1, DeliveryOutcome::failed);
    expected.number = log[1].number;
    EXPECT_EQ(log[1], expected);
}

TYPED_TEST_P(EndpointStoreContract, GivenALog_WhenFilteredAndPaged_ThenWhatIsAskedForComes) {
    this->create("wh_1");
    this->lease("wh_1", "", 0, "worker-1");
    auto made = this->progress("wh_1", "worker-1");
    for (std::int32_t version = 1; version <= 5; ++version) {
        made.log.push_back(this->entry(1, version, version == 3 ? DeliveryOutcome::given_up : DeliveryOutcome::failed));
        made.log.push_back(this->entry(2, version, DeliveryOutcome::delivered));
    }
    this->record(std::move(made));
    DeliveryQuery query;
    query.order = this->id(1);
    query.limit = 2;
    auto page = this->deliveries(query);
    ASSERT_EQ(page.deliveries.size(), 2U);
    EXPECT_TRUE(page.has_more);
    EXPECT_EQ(page.deliveries[0].version, 5);
    query.below = page.deliveries.back().number;
    query.limit = 3;
    page = this->deliveries(query);
    ASSERT_EQ(page.deliveries.size(), 3U);
    EXPECT_FALSE(page.has_more);
    EXPECT_EQ(page.deliveries[0].version, 3);
    DeliveryQuery given_up;
    given_up.outcome = DeliveryOutcome::given_up;
    EXPECT_EQ(this->deliveries(given_up).deliveries.size(), 1U);
}

TYPED_TEST_P(EndpointStoreContract, GivenCallsToTwoEndpoints_WhenAskedForAnOrder_ThenItsCallsToBothComeNewestFirst) {
    for (const std::string id : {"wh_1", "wh_2"}) {
        this->create(id);
        this->lease(id, "", 0, "worker-1");
        auto made = this->progress(id, "worker-1");
        made.log = {this->entry(1, 1, DeliveryOutcome::failed), this->entry(2, 1, DeliveryOutcome::delivered)};
        for (auto& one : made.log) one.endpoint = id;
        this->record(std::move(made));
    }
    const auto of = [this](std::uint32_t order) {
        return this->value_of(this->loop().run(this->setup.endpoint_reader().deliveries_of(this->id(order))));
    };
    const auto found = of(1);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].endpoint, "wh_2");
    EXPECT_EQ(found[1].endpoint, "wh_1");
    EXPECT_GT(found[0].number, found[1].number);
    EXPECT_EQ(found[1].outcome, DeliveryOutcome::failed);
    EXPECT_TRUE(of(3).empty());
    auto many = this->progress("wh_1", "worker-1");
    for (std::uint32_t i = 0; i < limits::deliveries_page_max; ++i) {
        many.log.push_back(this->entry(1, 2, DeliveryOutcome::failed));
    }
    this->record(std::move(many));
    EXPECT_EQ(of(1).size(), limits::deliveries_page_max);
    EXPECT_EQ(of(1).back().version, 2);
}

TYPED_TEST_P(EndpointStoreContract, GivenAnOldLog_WhenForgotten_ThenNewerEntriesStay) {
    this->create("wh_1");
    this->lease("wh_1", "", 0, "worker-1");
    auto made = this->progress("wh_1", "worker-1");
    for (std::int32_t version = 1; version <= 4; ++version) {
        made.log.push_back(this->entry(1, version, DeliveryOutcome::delivered));
    }
    this->record(std::move(made));
    auto forgetting = this->progress("wh_1", "worker-1");
    forgetting.forget_before = samples::at(3);
    this->record(std::move(forgetting));
    const auto left = this->deliveries({}).deliveries;
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(left[1].version, 3);
}

TYPED_TEST_P(EndpointStoreContract, GivenALogBeyondItsBound_WhenForgotten_ThenTheNewestStay) {
    this->create("wh_1");
    this->lease("wh_1", "", 0, "worker-1");
    auto made = this->progress("wh_1", "worker-1");
    for (std::int64_t i = 0; i < limits::deliveries_kept + 10; ++i) {
        made.log.push_back(this->entry(1, static_cast<std::int32_t>(i + 1), DeliveryOutcome::delivered));
    }
    made.forget_before = samples::at(0);
    this->record(std::move(made));
    DeliveryQuery oldest;
    oldest.limit = 100;
    std::int64_t kept = 0;
    std::int32_t last = 0;
    for (bool more = true; more;) {
        const auto page = this->deliveries(oldest);
        kept += static_cast<std::int64_t>(page.deliveries.size());
        ASSERT_FALSE(page.deliveries.empty());
        oldest.below = page.deliveries.back().number;
        last = page.deliveries.back().version;
        more = page.has_more;
    }
    EXPECT_EQ(kept, limits::deliveries_kept);
    EXPECT_EQ(last, 11);
}

TYPED_TEST_P(EndpointStoreContract, GivenADisable_WhenRecorded_ThenTheEndpointSaysWhy) {
    this->create("wh_1");
    this->lease("wh_1", "", 0, "worker-1");
    auto made = this->progress("wh_1", "worker-1");
    made.disable = "gone";
    this->record(std::move(made));
    const auto disabled = this->endpoint("wh_1");
    ASSERT_TRUE(disabled);
    EXPECT_FALSE(disabled->enabled);
    EXPECT_EQ(disabled->disabled_code, "gone");
    EXPECT_EQ(disabled->revision, 2);
    EXPECT_EQ(this->carry_out("test", "wh_1", TestEndpoint()).code, "webhook.disabled");
}

TYPED_TEST_P(EndpointStoreContract, GivenReplays_WhenAskedFor_ThenEachIsALaneUntilItHasEnded) {
    this->create("wh_1");
    this->carry_out("replay-1", "wh_1", ReplayEvent{this->id(3), 2});
    this->carry_out("replay-2", "wh_1", ReplayRange{samples::at(1), samples::at(9)});
    this->carry_out("test-1", "wh_1", TestEndpoint());
    const auto lanes = this->lanes("wh_1");
    ASSERT_EQ(lanes.size(), 4U);
    EXPECT_EQ(lanes[1].id, "replay-1");
    EXPECT_EQ(lanes[1].held.at(0).order, this->id(3));
    EXPECT_EQ(lanes[2].since, samples::at(1));
    EXPECT_EQ(lanes[2].until, samples::at(9));
    EXPECT_FALSE(lanes[2].found_start);
    EXPECT_EQ(lanes[3].kind, LaneKind::test);
    for (std::size_t i = 3; i < limits::replays_max; ++i) {
        this->carry_out("more-" + std::to_string(i), "wh_1", TestEndpoint());
    }
    EXPECT_EQ(this->carry_out("too-many", "wh_1", TestEndpoint()).code, "webhook.busy");
    this->lease("wh_1", "", 0, "worker-1");
    auto made = this->progress("wh_1", "worker-1");
    made.ended = {"replay-1", "test-1"};
    this->record(std::move(made));
    EXPECT_EQ(this->lanes("wh_1").size(), limits::replays_max - 1);
}

TYPED_TEST_P(EndpointStoreContract, GivenARemove_WhenCarriedOut_ThenNothingOfTheEndpointIsLeft) {
    this->create("wh_1");
    this->create("wh_2");
    this->lease("wh_1", "", 0, "worker-1");
    auto made = this->progress("wh_1", "worker-1");
    made.log = {this->entry(1, 1, DeliveryOutcome::delivered)};
    this->record(std::move(made));
    this->carry_out("remove", "wh_1", RemoveEndpoint());
    EXPECT_FALSE(this->endpoint("wh_1"));
    EXPECT_TRUE(this->lanes("wh_1").empty());
    EXPECT_TRUE(this->deliveries({}).deliveries.empty());
    const auto all = this->value_of(this->loop().run(this->setup.endpoint_reader().endpoints()));
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].id, "wh_2");
    EXPECT_EQ(this->try_record(this->progress("wh_1", "worker-1")).error().code(), "webhook.lease_lost");
}

TYPED_TEST_P(EndpointStoreContract, GivenOrders_WhenTheirEventsAreFed_ThenTheyComeInOrderAndEachOnce) {
    for (std::uint32_t order = 1; order <= 5; ++order) this->apply(this->placing(order));
    for (std::uint32_t order = 1; order <= 5; ++order) this->apply(this->captured(order));
    const auto whole = this->feed({});
    EXPECT_TRUE(whole.at_end);
    std::map<OrderId, std::int32_t> versions;
    for (const auto& event : whole.events) EXPECT_EQ(event.event.version, ++versions[event.order]);
    EXPECT_EQ(versions.size(), 5U);
    for (std::uint32_t order = 1; order <= 5; ++order) {
        EXPECT_EQ(static_cast<std::size_t>(versions[this->id(order)]), this->events(order).size());
    }
    std::vector<FeedEvent> in_pages;
    EventPosition after;
    for (int i = 0; i < 100; ++i) {
        const auto page = this->feed(after, 3);
        in_pages.insert(in_pages.end(), page.events.begin(), page.events.end());
        if (!page.events.empty()) after = page.events.back().at;
        if (page.at_end) break;
    }
    EXPECT_EQ(in_pages, whole.events);
    EXPECT_TRUE(this->feed(this->head()).events.empty());
}

TYPED_TEST_P(EndpointStoreContract, GivenARestart_WhenReadAgain_ThenEndpointsAndLanesAreThere) {
    this->create("wh_1");
    this->setup.restart();
    const auto again = this->endpoint("wh_1");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->secrets.at(0).text, "whsec_first");
    EXPECT_EQ(this->lanes("wh_1").size(), 1U);
}

REGISTER_TYPED_TEST_SUITE_P(
    EndpointStoreContract, GivenNothing_WhenAsked_ThenThereIsNoEndpointLaneOrEvent,
    GivenAnOlderChangeThatComesAfterANewerOne_ThenTheNewerStands,
    GivenACreate_WhenCarriedOutTwice_ThenItIsThereOnceAndBeginsBehindWhatWas,
    GivenAChangeThatIsTraced_WhenItsEventsAreRead_ThenTheyNameItsTraceAndOthersNone,
    GivenAnUnknownEndpoint_WhenChanged_ThenTheCommandIsRefused, GivenALease_WhenTheEndpointIsChanged_ThenTheLeaseStays,
    GivenTwoWorkers_WhenBothWantTheLease_ThenOneHasItAndTheOtherWritesNothing,
    GivenProgress_WhenReadAgain_ThenAllOfItIsThere, GivenALog_WhenFilteredAndPaged_ThenWhatIsAskedForComes,
    GivenCallsToTwoEndpoints_WhenAskedForAnOrder_ThenItsCallsToBothComeNewestFirst,
    GivenAnOldLog_WhenForgotten_ThenNewerEntriesStay, GivenALogBeyondItsBound_WhenForgotten_ThenTheNewestStay,
    GivenADisable_WhenRecorded_ThenTheEndpointSaysWhy, GivenReplays_WhenAskedFor_ThenEachIsALaneUntilItHasEnded,
    GivenARemove_WhenCarriedOut_ThenNothingOfTheEndpointIsLeft,
    GivenOrders_WhenTheirEventsAreFed_ThenTheyComeInOrderAndEachOnce,
    GivenARestart_WhenReadAgain_ThenEndpointsAndLanesAreThere);

}  // namespace orderflow::orders
