#include "api-service/handlers/read_orders.hpp"

#include "api-service/api_fixture_test.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class ReadOrdersTest : public ApiTest {
  protected:
    std::string path() const { return "/v1/orders/" + id.to_string(); }
};

TEST_F(ReadOrdersTest, GivenAStoredOrder_ThenItIsShownWithItsVersionAsTag) {
    store_order(id);

    const auto response = send(get(path()));

    EXPECT_EQ(response.status, 200U);
    const auto body = body_of(response);
    EXPECT_EQ(text_in(body, "status"), "reserved");
    EXPECT_EQ(field(response, "ETag"), '"' + std::string(body.find("version")->number()->text) + '"');
    EXPECT_EQ(field(response, "Cache-Control"), "no-store");
    EXPECT_THAT(response.body, Not(HasSubstr("tok_ok")));
}

TEST_F(ReadOrdersTest, GivenTheTagOfTheVersion_Then304) {
    store_order(id);
    const auto tag = *field(send(get(path())), "ETag");
    auto request = get(path());
    request.fields = {{"If-None-Match", "\"1000\", W/" + tag}};

    const auto response = send(request);

    EXPECT_EQ(response.status, 304U);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(field(response, "ETag"), tag);
    request.fields = {{"If-None-Match", "\"1000\""}};
    EXPECT_EQ(send(request).status, 200U);
}

TEST_F(ReadOrdersTest, GivenAnIdOfOursThatIsNotStoredYet_ThenAcceptedAndNotStored) {
    const auto response = send(get(path()));

    EXPECT_EQ(response.status, 200U);
    EXPECT_THAT(response.body, HasSubstr(R"("status":"accepted","stored":false)"));
    EXPECT_EQ(field(response, "ETag"), std::nullopt);
    EXPECT_EQ(field(response, "Cache-Control"), "no-store");
}

TEST_F(ReadOrdersTest, GivenAnyOtherId_Then404) {
    for (const std::string& other :
         {orders::LegibleIds::foreign().to_string(), std::string("ord_x"), std::string("1")}) {
        for (const char* part : {"", "/events", "/stream"}) {
            EXPECT_EQ(verdict(send(get("/v1/orders/" + other + part))), "404 order-not-found") << other << part;
        }
    }
}

TEST_F(ReadOrdersTest, GivenATombstone_Then410WithTheLastStatus) {
    bury_order(id);

    for (const char* part : {"", "/events", "/stream"}) {
        const auto response = send(get(path() + part));
        EXPECT_EQ(verdict(response), "410 order-gone") << part;
        EXPECT_EQ(text_in(body_of(response), "last_status"), "rejected");
    }
}

TEST_F(ReadOrdersTest, GivenAStoreThatIsDown_Then503WithoutItsOwnWords) {
    reader.down = true;

    for (const char* part : {"", "/events", "/stream"}) {
        const auto response = send(get(path() + part));
        EXPECT_EQ(verdict(response), "503 store-unavailable") << part;
        EXPECT_EQ(field(response, "Retry-After"), "1");
        EXPECT_THAT(response.body, Not(HasSubstr("secret")));
    }
}

TEST_F(ReadOrdersTest, GivenEvents_ThenOnlyThoseAfterTheVersionAreListed) {
    store_order(id);

    const auto all = body_of(send(get(path() + "/events")));
    const auto later = body_of(send(get(path() + "/events", "after=2")));

    ASSERT_NE(all.find("data"), nullptr);
    EXPECT_EQ(text_in((*all.find("data")->array())[0], "type"), "order.accepted");
    EXPECT_EQ(later.find("data")->array()->size() + 2, all.find("data")->array()->size());
    EXPECT_EQ(verdict(send(get(path() + "/events", "after=x"))), "400 malformed-request");
    EXPECT_EQ(verdict(send(get(path() + "/events", "after=-1"))), "400 malformed-request");
    EXPECT_EQ(send(get(path() + "/events", "after=9999999999999999999")).status, 200U);
}

TEST_F(ReadOrdersTest, GivenNoToken_ThenOnlyThisMachineMayListOrders) {
    store_order(id);
    auto request = get("/v1/orders", "status=reserved&limit=1");

    const auto listed = body_of(send(request));
    ASSERT_NE(listed.find("data"), nullptr);
    EXPECT_THAT(*listed.find("data")->array(), SizeIs(1));
    EXPECT_FALSE(*listed.find("has_more")->boolean());
    request.peer = "192.0.2.1";
    const auto refused = send(request);
    EXPECT_EQ(verdict(refused), "401 unauthorized");
    EXPECT_EQ(field(refused, "WWW-Authenticate"), "Bearer");
}

TEST_F(ReadOrdersTest, GivenNoToken_ThenAForeignPageOrAProxyOnThisMachineMayNot) {
    using Fields = std::vector<std::pair<std::string, std::string>>;
    auto request = get("/v1/orders");
    for (const Fields& fields : {Fields{{"Host", "evil.example"}}, Fields{{"Host", "127.0.0.1.evil.example"}},
                                 Fields{{"Host", "localhost"}, {"Origin", "http://evil.example"}},
                                 Fields{{"Host", "localhost"}, {"Origin", "null"}},
                                 Fields{{"Host", "localhost"}, {"X-Forwarded-For", "192.0.2.1"}},
                                 Fields{{"Host", "localhost"}, {"Forwarded", "for=192.0.2.1"}}}) {
        request.fields = fields;
        EXPECT_EQ(send(request).status, 401U) << fields.back().second;
    }
    for (const Fields& fields : {Fields{{"Host", "127.0.0.1:8080"}}, Fields{{"Host", "[::1]:8080"}},
                                 Fields{{"Host", "LOCALHOST"}, {"Origin", "http://localhost:8080"}}}) {
        request.fields = fields;
        EXPECT_EQ(send(request).status, 200U) << fields.back().second;
    }
}

TEST_F(ReadOrdersTest, GivenAToken_ThenItsBearerMayListOrders_FromAnywhere_AndNobodyElse) {
    config.admin_token = "operator-token-0123456789";
    auto request = get("/v1/orders");
    EXPECT_EQ(send(request).status, 401U) << "also from this machine";
    for (const std::string wrong : {"Bearer", "Bearer ", "Bearer operator-token-012345678",
                                    "Basic operator-token-0123456789", "Bearer operator-token-01234567890"}) {
        request.fields = {{"Authorization", wrong}};
        EXPECT_EQ(send(request).status, 401U) << wrong;
    }
    request.fields = {{"Authorization", "bearer operator-token-0123456789"}};
    request.peer = "192.0.2.1";
    EXPECT_EQ(send(request).status, 200U);
    request.fields.emplace_back("Authorization", "Bearer operator-token-0123456789");
    EXPECT_EQ(send(request).status, 401U) << "sent twice it is ambiguous";
}

TEST_F(ReadOrdersTest, GivenTheIdTheNumberOrTheIdempotencyKeyOfAnOrder_WhenListed_ThenItIsFound) {
    const auto of_key = ids.derive("", "", key);
    store_order(of_key);
    store_order(id);

    for (const auto& query : {"id=" + of_key.to_string(), std::string("number=1"), "key=" + key,
                              "key=" + key + "&number=1&id=" + of_key.to_string()}) {
        const auto response = send(get("/v1/orders", query));
        EXPECT_THAT(response.body, HasSubstr(of_key.to_string())) << query;
        EXPECT_THAT(response.body, Not(HasSubstr(id.to_string()))) << query;
    }
    EXPECT_THAT(send(get("/v1/orders", "tenant=acme&key=" + key)).body, HasSubstr(R"("data":[])"));
    EXPECT_EQ(verdict(send(get("/v1/orders", "tenant=A&key=" + key))), "400 malformed-request");
    EXPECT_THAT(send(get("/v1/orders", "number=3")).body, HasSubstr(R"("data":[])"));
    EXPECT_EQ(verdict(send(get("/v1/orders", "id=" + id.to_string() + "&key=" + key))), "400 malformed-request");
}

TEST_F(ReadOrdersTest, GivenAnIdThatIsNotStored_WhenListedAfterIt_Then400) {
    EXPECT_EQ(verdict(send(get("/v1/orders", "starting_after=" + id.to_string()))), "400 malformed-request");
}

TEST_F(ReadOrdersTest, GivenATimeOnEachSide_WhenListed_ThenNeitherBoundIsInTheRange) {
    store_order(id);
    const auto listed = [&](const std::string& query) {
        const auto response = send(get("/v1/orders", query));
        EXPECT_EQ(response.status, 200U) << response.body;
        return response.body.find(id.to_string()) != std::string::npos;
    };
    const auto created = text_in(body_of(send(get("/v1/orders/" + id.to_string()))), "created_at");
    ASSERT_TRUE(created.ends_with(".000Z")) << created;
    const auto without_ms = created.substr(0, created.size() - 5) + "Z";

    EXPECT_FALSE(listed("created_before=" + created));
    EXPECT_FALSE(listed("created_before=" + without_ms));
    EXPECT_TRUE(listed("created_before=" + created.substr(0, created.size() - 2) + "1Z"));
    EXPECT_FALSE(listed("created_after=" + without_ms));
    EXPECT_FALSE(listed("created_after=2020-01-01T00:00:00Z&created_before=2020-01-02T00:00:00.5Z"));
}

TEST_F(ReadOrdersTest, GivenAParameterThatNoListHas_Then400NamesItAndThoseThereAre) {
    for (const std::string path : {"/v1/orders", "/v1/admin/dead-letters", "/v1/admin/dead-letters/groups",
                                   "/v1/admin/audit", "/v1/admin/overview/history", "/v1/admin/stock",
                                   "/v1/admin/webhooks", "/v1/admin/webhooks/wh_1/deliveries"}) {
        const auto response = send(get(path, "created_befor=2026-01-01T00:00:00Z"));
        EXPECT_EQ(verdict(response), "400 malformed-request") << path;
        EXPECT_THAT(text_in(body_of(response), "detail"), HasSubstr("no query parameter created_befor here")) << path;
    }
    EXPECT_THAT(text_in(body_of(send(get("/v1/orders", "page=2"))), "detail"), HasSubstr("starting_after"));
}

TEST_F(ReadOrdersTest, GivenCriteriaThatAreNone_Then400NamesTheFirst) {
    for (const std::string query :
         {"status=done", "sku=a%20b", "created_after=yesterday", "created_before=2026-01-01", "limit=0", "limit=101",
          "limit=x", "starting_after=7", "customer=", "id=7", "number=-1", "key=short", "tenant=acme"}) {
        const auto response = send(get("/v1/orders", query));
        EXPECT_EQ(verdict(response), "400 malformed-request") << query;
        EXPECT_THAT(text_in(body_of(response), "detail"), HasSubstr(query.substr(0, query.find('='))));
    }
    EXPECT_EQ(
        send(get("/v1/orders", "sku=mug&customer=ada%40example.org&created_after=2020-01-01T00:00:00.000Z")).status,
        200U);
}

}  // namespace
}  // namespace orderflow::api
