// POST /v1/orders and POST /order with JSON: every row of the API's table.
#include "api-service/handlers/place_order.hpp"

#include "api-service/api_fixture_test.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/order_message.hpp"

namespace orderflow::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Fault = InMemoryMessageQueue::SendFault;

class PlaceOrderTest : public ApiTest {};

TEST_F(PlaceOrderTest, GivenAValidOrder_ThenAcceptedOnceTheQueueHasIt) {
    const auto response = send(order(key));

    EXPECT_EQ(response.status, 202U);
    const auto body = body_of(response);
    EXPECT_EQ(text_in(body, "status"), "accepted");
    EXPECT_EQ(field(response, "Location"), "/v1/orders/" + text_in(body, "id"));
    EXPECT_EQ(field(response, "Idempotent-Replayed"), std::nullopt);
    EXPECT_EQ(field(response, "Cache-Control"), "no-store");
    EXPECT_EQ(field(response, "X-Content-Type-Options"), "nosniff");
    ASSERT_THAT(queue.bodies(), SizeIs(1));
    const auto message = contract::decode_message(queue.bodies()[0]);
    ASSERT_TRUE(message);
    const auto& place = std::get<orders::PlaceOrder>(message->command);
    EXPECT_EQ(place.id.to_string(), text_in(body, "id"));
    EXPECT_EQ(place.fingerprint.to_hex(), text_in(body, "fingerprint"));
    EXPECT_EQ(place.accepted_at, loop.clock().wall());
    EXPECT_EQ(counted("orderflow_orders_accepted_total"), 1);
}

TEST_F(PlaceOrderTest, GivenAQueueThatHasNotAnswered_ThenThereIsNoAnswerYet) {
    queue.inject({Fault::Kind::hold_answer, Error(ErrorKind::internal, "")});
    std::vector<net::Response> answers;
    start(order(key), answers);

    loop.advance(1s);
    EXPECT_THAT(answers, IsEmpty());
    queue.release_answers();
    loop.run_ready();

    EXPECT_EQ(answers.at(0).status, 202U);
}

TEST_F(PlaceOrderTest, GivenTheSameKeyAndContent_ThenTheSameIdAndItSaysSo) {
    const auto first = send(order(key));
    auto on_the_other_route = order(key);
    on_the_other_route.path = "/order";

    const auto again = send(on_the_other_route);

    EXPECT_EQ(again.status, 202U);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(field(again, "Idempotent-Replayed"), "true");
    EXPECT_THAT(queue.bodies(), SizeIs(1));
    EXPECT_EQ(counted("orderflow_orders_accepted_total"), 1);
    EXPECT_EQ(counted("orderflow_orders_replayed_total"), 1);
}

TEST_F(PlaceOrderTest, GivenTheSameContentWrittenInAnotherWay_ThenItIsTheSameOrder) {
    send(order(key));
    auto other = order(key);
    other.body.insert(1, "  \n");
    other.body.replace(other.body.find("Ada"), 3, "\\u0041da");

    EXPECT_EQ(field(send(other), "Idempotent-Replayed"), "true");
}

TEST_F(PlaceOrderTest, GivenTheSameKeyQuotedAndBare_ThenItIsTheSameKey) {
    send(order(key));

    EXPECT_EQ(field(send(order('"' + key + '"')), "Idempotent-Replayed"), "true");
}

TEST_F(PlaceOrderTest, GivenTheSameKeyWithOtherContent_Then422) {
    send(order(key, 2));

    EXPECT_EQ(verdict(send(order(key, 3))), "422 idempotency-key-reused");
    EXPECT_THAT(queue.bodies(), SizeIs(1));
}

TEST_F(PlaceOrderTest, GivenMalformedKeys_Then400) {
    for (const std::string bad : {"", "short", "fifteen-charact",
                                  "0123456789abcd\x7F"
                                  "f",
                                  "\"0123456789abcdef", "\"\"", "schl\xC3\xBCssel-0123456789"}) {
        EXPECT_EQ(verdict(send(order(bad))), "400 invalid-idempotency-key") << bad;
    }
    EXPECT_EQ(verdict(send(order(std::string(256, 'k')))), "400 invalid-idempotency-key");
    auto twice = order(key);
    twice.fields.emplace_back("idempotency-key", key);
    EXPECT_EQ(verdict(send(twice)), "400 invalid-idempotency-key");
    EXPECT_THAT(queue.bodies(), IsEmpty());
}

TEST_F(PlaceOrderTest, GivenNoKey_ThenEachRequestIsAnotherOrder) {
    const auto first = send(order());
    const auto second = send(order());

    EXPECT_EQ(first.status, 202U);
    EXPECT_NE(text_in(body_of(first), "id"), text_in(body_of(second), "id"));
}

TEST_F(PlaceOrderTest, GivenBrokenJson_Then400) {
    for (const std::string bad : {"", "{", "{\"currency\":}", "nul", "{}{}", "\"\xFF\"", "{'a':1}"}) {
        auto request = order(key);
        request.body = bad;
        EXPECT_EQ(verdict(send(request)), "400 malformed-json") << bad;
    }
    auto deep = order(key);
    deep.body = std::string(33, '[') + std::string(33, ']');
    EXPECT_EQ(verdict(send(deep)), "400 malformed-json");
}

TEST_F(PlaceOrderTest, GivenABodyOver60KiB_Then413_UnlessItIsNotEvenJson) {
    auto large = order(key);
    large.body += std::string(60 * 1024 - large.body.size(), ' ');
    EXPECT_EQ(send(large).status, 202U);
    large.body += ' ';
    EXPECT_EQ(verdict(send(large)), "413 body-too-large");

    large.body = std::string(100'000, '[');
    EXPECT_EQ(verdict(send(large)), "400 malformed-json");
    large.body.clear();
    for (int i = 0; i < 50'000; ++i) large.body += "[{\"\":";
    EXPECT_EQ(verdict(send(large)), "400 malformed-json");
}

TEST_F(PlaceOrderTest, GivenAnotherMediaType_Then415) {
    for (const std::string type : {"text/plain", "application/xml", "application/jsonx",
                                   "application/json; charset=latin1", "multipart/form-data; boundary=x", ""}) {
        auto request = order(key);
        request.fields[0].second = type;
        EXPECT_EQ(verdict(send(request)), "415 unsupported-media-type") << type;
    }
    auto packed = order(key);
    packed.fields.emplace_back("Content-Encoding", "gzip");
    EXPECT_EQ(verdict(send(packed)), "415 unsupported-media-type");
    auto none = order(key);
    none.fields.erase(none.fields.begin());
    EXPECT_EQ(verdict(send(none)), "415 unsupported-media-type");
    auto spelled = order(key);
    spelled.fields[0].second = "Application/JSON; charset=UTF-8";
    EXPECT_EQ(send(spelled).status, 202U);
}

TEST_F(PlaceOrderTest, GivenBrokenRules_Then422NamesThemAll_AndNothingIsKeptUnderTheKey) {
    auto bad = order(key);
    bad.body =
        R"({"currency":"EUR","items":[{"sku":"mug","quantity":1.0,"unit_price":1}],"customer":{"name":"A"},"x":1})";

    const auto response = send(bad);

    EXPECT_EQ(verdict(response), "422 validation-failed");
    EXPECT_EQ(field(response, "Content-Type"), "application/problem+json");
    std::vector<std::string> errors;
    const auto body = body_of(response);
    for (const auto& error : *body.find("errors")->array()) {
        errors.push_back(text_in(error, "pointer") + " " + text_in(error, "code"));
    }
    EXPECT_THAT(errors, ElementsAre("/items/0/quantity not-an-integer", "/items/0/unit_price amount-not-allowed",
                                    "/customer/email required", "/shipping_address required", "/payment required",
                                    "/x unknown-field"));
    EXPECT_EQ(text_in(body, "detail"), "6 rules are broken.");
    EXPECT_EQ(send(order(key)).status, 202U);
}

TEST_F(PlaceOrderTest, GivenAQueueThatIsDown_Then503AndNothingWasHandedOver) {
    queue.set_down(true);

    const auto response = send(order(key));

    EXPECT_EQ(verdict(response), "503 queue-unavailable");
    EXPECT_EQ(field(response, "Retry-After"), "1");
    EXPECT_THAT(queue.bodies(), IsEmpty());
    EXPECT_EQ(counted("orderflow_orders_refused_total{reason=\"queue-unavailable\"}"), 1);
}

TEST_F(PlaceOrderTest, GivenAnUnknownOutcome_Then503SaysSo_AndTheSameRequestIsSafe) {
    for (int i = 0; i < 1000; ++i) queue.inject({Fault::Kind::lose_answer, Error(ErrorKind::unavailable, "timeout")});

    const auto response = send(order(key));

    EXPECT_EQ(verdict(response), "503 outcome-unknown");
    EXPECT_EQ(field(response, "Retry-After"), "1");
    const auto before = queue.bodies();
    for (const auto& body : before) {
        EXPECT_EQ(body, before[0]) << "every try has the same body";
    }
}

TEST_F(PlaceOrderTest, GivenABacklogOverItsLimit_Then503Overloaded) {
    config.queue_depth_max = 3;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(send(order()).status, 202U);

    const auto response = send(order());

    EXPECT_EQ(verdict(response), "503 overloaded");
    EXPECT_EQ(field(response, "Retry-After"), "1");
    EXPECT_THAT(queue.bodies(), SizeIs(3));
}

TEST_F(PlaceOrderTest, GivenAStoreThatIsDown_ThenOrdersAreTaken) {
    reader.down = true;

    EXPECT_EQ(send(order(key)).status, 202U);
}

TEST_F(PlaceOrderTest, GivenARateLimit_Then429WithTheFieldsOfTheDraft) {
    config.rates.orders = 2;  // four at once
    auto request = order();
    request.peer = "192.0.2.1";
    for (int i = 0; i < 4; ++i) EXPECT_EQ(send(request).status, 202U);

    const auto response = send(request);

    EXPECT_EQ(verdict(response), "429 rate-limited");
    EXPECT_EQ(field(response, "Retry-After"), "1");
    EXPECT_EQ(field(response, "RateLimit-Policy"), "\"orders\";q=2;w=1");
    EXPECT_EQ(field(response, "RateLimit"), "\"orders\";r=0;t=1");
    request.peer = "192.0.2.2";
    EXPECT_EQ(send(request).status, 202U) << "another peer has a bucket of its own";
    loop.advance(500ms);
    request.peer = "192.0.2.1";
    EXPECT_EQ(send(request).status, 202U);
}

TEST_F(PlaceOrderTest, GivenATraceparent_ThenTheTraceTravelsWithTheMessage) {
    auto request = order(key);
    request.fields.emplace_back("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    send(request);
    send(order());

    const auto bodies = queue.bodies();
    EXPECT_THAT(*contract::decode_message(bodies[0])->traceparent, HasSubstr("4bf92f3577b34da6a3ce929d0e0e4736"));
    EXPECT_TRUE(contract::decode_message(bodies[1])->traceparent.has_value()) << "a trace of our own";
}

TEST_F(PlaceOrderTest, GivenWhateverHappens_ThenNoPersonalDataIsLogged) {
    send(order(key));
    send(order(key, 3));
    queue.set_down(true);
    send(order());
    auto bad = order();
    bad.body = R"({"customer":{"name":"Ada Lovelace","email":"ada at example"},"secret":"tok_ok"})";
    send(bad);
    service().observer().answered(
        {.method = net::Method::post, .route = "placeOrder", .status = 503, .request_id = "req-1"});
    service().observer().bug("placeOrder", "bad_alloc");

    EXPECT_THAT(sink.lines, SizeIs(testing::Ge(2U)));
    for (const auto& line : sink.lines) {
        for (const char* personal :
             {"Ada", "Lovelace", "ada", "example", "421", "Markt", "Bremen", "tok_ok", "key-0123"}) {
            EXPECT_THAT(line, Not(HasSubstr(personal)));
        }
    }
}

TEST_F(PlaceOrderTest, GivenADrain_ThenWhatIsInsideIsAnsweredAndNewOrdersAreRefused) {
    queue.inject({Fault::Kind::hold_answer, Error(ErrorKind::internal, "")});
    std::vector<net::Response> answers;
    start(order(key), answers);
    loop.run_ready();
    service().begin_drain();
    std::vector<bool> drained;
    loop.spawn(orders::collect(service().drain_loop(0, loop.clock().now() + 10s), drained));
    loop.run_ready();

    EXPECT_EQ(verdict(send(order())), "503 draining");
    EXPECT_THAT(drained, IsEmpty());
    queue.release_answers();
    loop.run_ready();

    EXPECT_EQ(answers.at(0).status, 202U);
    EXPECT_THAT(drained, ElementsAre(true));
}

TEST(StatusOf, GivenEachKind_ThenItHasItsStatus) {
    EXPECT_EQ(status_of(ErrorKind::invalid_input), 422U);
    EXPECT_EQ(status_of(ErrorKind::not_found), 404U);
    EXPECT_EQ(status_of(ErrorKind::conflict), 409U);
    EXPECT_EQ(status_of(ErrorKind::unauthorized), 401U);
    EXPECT_EQ(status_of(ErrorKind::throttled), 429U);
    EXPECT_EQ(status_of(ErrorKind::unavailable), 503U);
    EXPECT_EQ(status_of(ErrorKind::internal), 500U);
}

TEST(ProblemOf, GivenAFaultOfOurs_ThenItsDetailIsNotTold) {
    const auto response = problem(Error(ErrorKind::internal, "message-refused", "secret"));
    EXPECT_EQ(response.status, 500U);
    EXPECT_THAT(response.body, Not(HasSubstr("secret")));
    EXPECT_THAT(response.body, HasSubstr("\"code\":\"internal\""));
}

}  // namespace
}  // namespace orderflow::api
