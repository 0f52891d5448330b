// What an API key changes: who may, whose order it is, who sees it, what counts against which quota.
#include "api-service/api_fixture_test.hpp"
#include "libs/contract/order_message.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class TenantsTest : public ApiTest {
  protected:
    // A key that the service knows from now on.
    std::string made(const std::string& tenant, std::vector<Scope> scopes,
                     const std::function<void(ApiKey&)>& change = {}) {
        auto key = key_of(tenant, std::move(scopes));
        const auto text = make_api_key(key, entropy, toy_digest);
        if (change) change(key);
        keys.push_back(std::move(key));
        api_keys = [known = std::make_shared<const ApiKeys>(keys)] { return known; };
        return text;
    }
    static TestRequest with(TestRequest request, const std::string& key) {
        request.fields.emplace_back("Authorization", "Bearer " + key);
        request.peer = "192.0.2.1";
        return request;
    }
    // An order with amounts of its own.
    static TestRequest priced_order(int unit_price = 990, std::optional<std::string> key = std::nullopt) {
        auto request = order(std::move(key));
        const std::string quantity = R"("quantity":2)";
        const auto at = request.body.find(quantity);
        EXPECT_NE(at, std::string::npos) << request.body;
        request.body.insert(at + quantity.size(), R"(,"unit_price":)" + std::to_string(unit_price));
        request.body.insert(request.body.size() - 1, R"(,"tax_amount":7)");
        return request;
    }
    // "pointer code" of every error.
    static std::string errors_in(const net::Response& response) {
        std::string text;
        const auto body = body_of(response);
        const auto* errors = body.find("errors");
        if (errors == nullptr || errors->array() == nullptr) return "no errors in " + response.body;
        for (const auto& error : *errors->array()) {
            text += (text.empty() ? "" : " ") + text_in(error, "pointer") + " " + text_in(error, "code");
        }
        return text;
    }
    std::string tenant_of_message(std::size_t index) {
        const auto message = contract::decode_message(queue.bodies().at(index));
        return std::get<orders::PlaceOrder>(message.value().command).tenant_id;
    }
    void store_order_of(const std::string& tenant) {
        orders::PlaceOrder place(id, samples::draft({{"mug", 2}}), samples::fingerprint(1), loop.clock().wall());
        place.tenant_id = tenant;
        std::vector<orders::Change> group;
        group.emplace_back(std::move(place));
        apply(std::move(group));
    }

    static task<void> pull_twice(std::shared_ptr<net::StreamBody> stream, std::optional<std::string>& first,
                                 std::optional<std::string>& second) {
        first = co_await stream->next({});
        second = co_await stream->next({});
    }

    std::vector<ApiKey> keys;
    const std::vector<Scope> both{Scope::orders_write, Scope::orders_read};
    const std::string path = "/v1/orders/" + id.to_string();
};

TEST_F(TenantsTest, GivenKeysThatAreNotGood_Then401_AndNothingIsTakenForTheShop) {
    const auto good = made("acme", both);
    const auto over = made("acme", both, [&](ApiKey& key) { key.expires_at = loop.clock().wall(); });
    const auto revoked = made("acme", both, [&](ApiKey& key) { key.revoked_at = loop.clock().wall(); });
    auto twice = with(order(), good);
    twice.fields.emplace_back("Authorization", "Bearer " + good);

    for (const auto& request : {with(order(), "ofk_"), with(order(), good + "0"), with(order(), over),
                                with(order(), revoked), with(get(path), "ofk_x"), with(order(), ""), twice}) {
        const auto response = send(request);
        EXPECT_EQ(verdict(response), "401 unauthorized");
        EXPECT_EQ(field(response, "WWW-Authenticate"), "Bearer error=\"invalid_token\"");
    }
    EXPECT_THAT(queue.bodies(), SizeIs(0));
}

TEST_F(TenantsTest, GivenNoKeysAtAll_ThenAKeyIs401_AndOtherCredentialsAreNoBusinessOfOurs) {
    EXPECT_EQ(send(with(order(), "ofk_0123456789abcdef_0")).status, 401U);
    auto basic = order();
    basic.fields.emplace_back("Authorization", "Basic c2hvcDpzaG9w");
    EXPECT_EQ(send(basic).status, 202U);
    EXPECT_EQ(tenant_of_message(0), "default");
}

TEST_F(TenantsTest, GivenAKeyWithoutTheScope_Then403) {
    const auto reader = made("acme", {Scope::orders_read});
    const auto writer = made("acme", {Scope::orders_write});

    for (const auto& request :
         {with(order(), reader), with(post_json("/order", order_body()), reader),
          with(post_json(path + "/cancel", R"({"reason":"customer"})"), reader), with(get(path), writer),
          with(get(path + "/events"), writer), with(get(path + "/stream"), writer)}) {
        const auto response = send(request);
        EXPECT_EQ(verdict(response), "403 forbidden");
        EXPECT_THAT(field(response, "WWW-Authenticate").value_or(""), HasSubstr("insufficient_scope"));
    }
}

TEST_F(TenantsTest, GivenAmountsFromACallerWithoutTheirScope_Then422NamesEach_AndNothingIsTaken) {
    const auto writer = made("acme", both);
    const auto over = made("acme", {Scope::orders_write, Scope::orders_prices},
                           [&](ApiKey& key) { key.expires_at = loop.clock().wall(); });
    const auto prices_alone = made("acme", {Scope::orders_prices});

    for (const auto& request : {with(priced_order(), writer), priced_order()}) {
        const auto response = send(request);
        EXPECT_EQ(verdict(response), "422 validation-failed");
        EXPECT_EQ(errors_in(response), "/items/0/unit_price amount-not-allowed /tax_amount amount-not-allowed");
    }
    EXPECT_EQ(verdict(send(with(priced_order(), over))), "401 unauthorized");
    EXPECT_EQ(verdict(send(with(priced_order(), prices_alone))), "403 forbidden")
        << "it may price orders and place none";
    EXPECT_THAT(queue.bodies(), SizeIs(0));
}

TEST_F(TenantsTest, GivenAmountsFromAKeyWithTheirScope_ThenTheyTravel_AndOtherAmountsAreAnotherOrder) {
    const auto trusted = made("acme", {Scope::orders_write, Scope::orders_prices});

    EXPECT_EQ(send(with(priced_order(990, "one key"), trusted)).status, 202U);
    EXPECT_EQ(field(send(with(priced_order(990, "one key"), trusted)), "Idempotent-Replayed"), "true");
    EXPECT_EQ(verdict(send(with(priced_order(991, "one key"), trusted))), "422 idempotency-key-reused");
    EXPECT_EQ(verdict(send(with(order("one key"), trusted))), "422 idempotency-key-reused");

    ASSERT_THAT(queue.bodies(), SizeIs(1));
    const auto message = contract::decode_message(queue.bodies().at(0)).value();
    const auto& given = std::get<orders::PlaceOrder>(message.command).draft->amounts;
    ASSERT_TRUE(given);
    EXPECT_EQ(given->lines.at(0).unit_price, 990);
    EXPECT_EQ(given->tax, 7);
}

TEST_F(TenantsTest, GivenOneKeyOfIdempotencyAndTwoTenants_ThenTheOrdersAreTwo) {
    const auto acme = made("acme", both);
    const auto bert = made("bert", both);

    const auto first = send(with(order(key), acme));
    const auto again = send(with(order(key), acme));
    const auto other = send(with(order(key, 3), bert));
    auto anonymous = order(key, 4);
    const auto shop = send(anonymous);

    EXPECT_EQ(text_in(body_of(first), "id"), text_in(body_of(again), "id"));
    EXPECT_EQ(field(again, "Idempotent-Replayed"), "true");
    EXPECT_EQ(other.status, 202U);
    EXPECT_EQ(shop.status, 202U);
    EXPECT_NE(text_in(body_of(first), "id"), text_in(body_of(other), "id"));
    ASSERT_THAT(queue.bodies(), SizeIs(3));
    EXPECT_EQ(tenant_of_message(0), "acme");
    EXPECT_EQ(tenant_of_message(1), "bert");
    EXPECT_EQ(tenant_of_message(2), "default");
}

TEST_F(TenantsTest, GivenAKey_ThenItsIdempotencyKeysMayBeShort) {
    const auto acme = made("acme", both);

    EXPECT_EQ(send(with(order("7"), acme)).status, 202U);
    EXPECT_EQ(verdict(send(with(order(""), acme))), "400 invalid-idempotency-key");
    EXPECT_EQ(verdict(send(order("7"))), "400 invalid-idempotency-key");
}

TEST_F(TenantsTest, GivenAnOrderOfAnotherTenant_ThenItIsNotThere) {
    const auto bert = made("bert", both);
    store_order_of("acme");

    EXPECT_EQ(verdict(send(with(get(path), bert))), "404 order-not-found");
    EXPECT_EQ(verdict(send(with(get(path + "/events"), bert))), "404 order-not-found");
    EXPECT_EQ(verdict(send(with(get(path + "/stream"), bert))), "404 order-not-found");
    EXPECT_EQ(verdict(send(with(post_json(path + "/cancel", R"({"reason":"customer"})"), bert))),
              "404 order-not-found");
    EXPECT_THAT(commands.bodies(), SizeIs(0));
}

TEST_F(TenantsTest, GivenAnOrderThatNobodyHasStoredYet_ThenACancelSaysWhoAsks_AndAStreamEndsWhenItIsAnothers) {
    const auto bert = made("bert", both);
    EXPECT_EQ(send(with(post_json(path + "/cancel", R"({"reason":"customer"})"), bert)).status, 202U);
    const auto message = contract::decode_message(commands.bodies().at(0));
    EXPECT_EQ(std::get<orders::CancelOrder>(message.value().command).tenant_id, "bert");
    std::optional<std::string> greeting;
    std::optional<std::string> after = "";
    const auto stream = send(with(get(path + "/stream"), bert)).stream;
    ASSERT_NE(stream, nullptr);
    loop.spawn(pull_twice(stream, greeting, after));
    loop.run_ready();
    ASSERT_TRUE(greeting);

    store_order_of("acme");
    loop.run_ready();

    EXPECT_EQ(after, std::nullopt);
}

TEST_F(TenantsTest, GivenAnOrderThatNobodyHasStoredYet_ThenAStreamOfItsTenantGoesOn) {
    const auto acme = made("acme", both);
    std::optional<std::string> greeting;
    std::optional<std::string> after;
    const auto stream = send(with(get(path + "/stream"), acme)).stream;
    ASSERT_NE(stream, nullptr);
    loop.spawn(pull_twice(stream, greeting, after));
    loop.run_ready();

    store_order_of("acme");
    loop.run_ready();

    EXPECT_THAT(after.value_or(""), testing::HasSubstr("event: order.accepted"));
}

TEST_F(TenantsTest, GivenAnOrderOfItsOwn_ThenATenantSeesIt_AndSoDoesWhoeverHasItsId) {
    const auto acme = made("acme", both);
    store_order_of("acme");

    const auto seen = send(with(get(path), acme));

    EXPECT_EQ(seen.status, 200U);
    EXPECT_EQ(text_in(body_of(seen), "tenant_id"), "acme");
    EXPECT_EQ(send(get(path)).status, 200U);
    EXPECT_EQ(send(with(get(path + "/events"), acme)).status, 200U);
    EXPECT_EQ(send(with(post_json(path + "/cancel", R"({"reason":"customer"})"), acme)).status, 202U);
}

TEST_F(TenantsTest, GivenATenantsRate_ThenAllItsKeysShareIt_WhereverTheyCallFrom) {
    config.rates.tenant = 1;  // two at once
    const auto first = made("acme", both);
    const auto second = made("acme", both);
    const auto bert = made("bert", both);
    EXPECT_EQ(send(with(order(), first)).status, 202U);
    auto elsewhere = with(order(), second);
    elsewhere.peer = "198.51.100.1";
    EXPECT_EQ(field(send(elsewhere), "RateLimit"), "\"tenant\";r=0");

    const auto refused = send(with(order(), first));

    EXPECT_EQ(verdict(refused), "429 rate-limited");
    EXPECT_EQ(field(refused, "RateLimit-Policy"), "\"tenant\";q=1;w=1");
    EXPECT_EQ(send(with(order(), bert)).status, 202U);
    auto anonymous = order();
    anonymous.peer = "192.0.2.1";
    EXPECT_EQ(send(anonymous).status, 202U) << "the address has a bucket of its own";
}

TEST_F(TenantsTest, GivenAKeyWithARateOfItsOwn_ThenItHasABucketOfItsOwn) {
    config.rates.tenant = 1;
    const auto fast = made("acme", both, [](ApiKey& key) { key.rate = 5; });
    for (int i = 0; i < 10; ++i) EXPECT_EQ(send(with(order(), fast)).status, 202U);

    EXPECT_EQ(field(send(with(order(), fast)), "RateLimit-Policy"), "\"key\";q=5;w=1");
}

// Whoever guesses is told to wait, also when he would have been right.
TEST_F(TenantsTest, GivenTenWrongKeysOfOneClient_ThenCredentialsOfItAreNotLookedAtForAWhile) {
    const auto good = made("acme", both);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(send(with(order(), "ofk_wrong")).status, 401U);

    const auto refused = send(with(order(), good));

    EXPECT_EQ(verdict(refused), "429 rate-limited");
    EXPECT_EQ(field(refused, "RateLimit-Policy"), "\"failures\";q=10;w=60");
    EXPECT_EQ(field(refused, "Retry-After"), "6");
    auto elsewhere = with(order(), good);
    elsewhere.peer = "198.51.100.1";
    EXPECT_EQ(send(elsewhere).status, 202U);
    auto anonymous = order();
    anonymous.peer = "192.0.2.1";
    EXPECT_EQ(send(anonymous).status, 202U) << "who shows nothing guesses nothing";
    loop.advance(6s);
    EXPECT_EQ(send(with(order(), good)).status, 202U);
}

TEST_F(TenantsTest, GivenTenWrongOperatorTokens_Then429) {
    config.admin_token = "the operator's token";
    for (int i = 0; i < 10; ++i) EXPECT_EQ(send(with(get("/v1/orders"), "guess")).status, 401U);

    EXPECT_EQ(verdict(send(with(get("/v1/orders"), *config.admin_token))), "429 rate-limited");
}

TEST_F(TenantsTest, GivenATrustedProxy_ThenItsClientsHaveBucketsOfTheirOwn) {
    config.rates.orders = 1;
    config.rates.trusted_proxies = parse_networks("10.0.0.0/8").value();
    const auto from = [&](const char* client) {
        auto request = order();
        request.peer = "10.0.0.1";
        request.fields.emplace_back("X-Forwarded-For", client);
        return send(request).status;
    };
    for (int i = 0; i < 2; ++i) EXPECT_EQ(from("203.0.113.7"), 202U);

    EXPECT_EQ(from("203.0.113.7"), 429U);
    EXPECT_EQ(from("203.0.113.7, 203.0.113.8"), 202U);
}

TEST_F(TenantsTest, GivenSeveralInstances_ThenTheyShareTheQuota) {
    config.rates.orders = 4;  // eight at once
    shared_by = [] { return 4; };
    auto request = order();
    request.peer = "192.0.2.1";
    for (int i = 0; i < 2; ++i) EXPECT_EQ(send(request).status, 202U);

    EXPECT_EQ(send(request).status, 429U);
}

TEST_F(TenantsTest, GivenALimitedRoute_ThenEveryAnswerSaysWhatIsLeft_ButNotToThisMachine) {
    config.rates.reads = 10;
    auto request = get("/v1/products");
    EXPECT_EQ(field(send(request), "RateLimit"), std::nullopt);
    request.peer = "192.0.2.1";

    const auto response = send(request);

    EXPECT_EQ(field(response, "RateLimit-Policy"), "\"reads\";q=10;w=1");
    EXPECT_EQ(field(response, "RateLimit"), "\"reads\";r=19");
}

}  // namespace
}  // namespace orderflow::api
