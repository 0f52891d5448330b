// The site, the products, the probes: what people and machines read.
#include "api-service/handlers/pages.hpp"

#include "api-service/api_fixture_test.hpp"
#include "api-service/handlers/operations.hpp"
#include "api-service/site/file_response.hpp"

namespace orderflow::api {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class PagesTest : public ApiTest {
  protected:
    // The address that a page names a file of frontend/assets by.
    std::string named(const std::string& stem, const std::string& ending, const std::string& on = "/") {
        return named_in(send(get(on)).body, "/assets/" + stem, ending);
    }
    static std::string named_in(const std::string& text, const std::string& start, const std::string& ending) {
        const auto at = text.find(start + ".");
        const auto end = text.find('"', at);
        if (at == text.npos || end == text.npos) return "(none)";
        const auto name = text.substr(at, end - at);
        return name.ends_with("." + ending) ? name : "(none)";
    }
};

TEST_F(PagesTest, GivenWhatPagesAndModulesName_ThenItIsThere_UnderANameThatHoldsItsHash_ForEver) {
    std::vector<std::string> names;
    for (const std::string page : {"/", "/order", "/orders/any"}) {
        const auto text = send(get(page)).body;
        for (auto at = text.find("\"/assets/"); at != text.npos; at = text.find("\"/assets/", at + 1)) {
            names.push_back(text.substr(at + 1, text.find('"', at + 1) - at - 1));
        }
    }
    ASSERT_THAT(names, SizeIs(testing::Gt(20U)));
    for (std::size_t i = 0; i < names.size() && i < 500; ++i) {
        const auto response = send(get(names[i]));
        ASSERT_EQ(response.status, 200U) << names[i];
        EXPECT_EQ(field(response, "Cache-Control"), "public, max-age=31536000, immutable") << names[i];
        EXPECT_THAT(names[i], testing::MatchesRegex("/assets/[a-z-]+[.][0-9a-f]+[.][a-z]+"));
        const std::string import = "from \"./";
        for (auto at = response.body.find(import); at != std::string::npos; at = response.body.find(import, at + 1)) {
            const auto begin = at + import.size();
            names.push_back("/assets/" + response.body.substr(begin, response.body.find('"', begin) - begin));
        }
    }
}

TEST_F(PagesTest, GivenANameOfAnotherRelease_Then404_WhichNobodyKeeps) {
    for (const std::string name : {"base.css", "base.0123456789abcdef.css", "shop.js"}) {
        const auto response = send(get("/assets/" + name));
        EXPECT_EQ(verdict(response), "404 not-found") << name;
        EXPECT_EQ(field(response, "Cache-Control"), "no-store") << "the next release may have that name";
    }
}

TEST_F(PagesTest, GivenTheShop_ThenItIsServedWithItsHeaders) {
    const auto response = send(get("/"));

    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(field(response, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_THAT(*field(response, "Content-Security-Policy"), HasSubstr("require-trusted-types-for 'script'"));
    EXPECT_EQ(field(response, "Cache-Control"), "no-cache");
    EXPECT_THAT(response.body, StartsWith("<!DOCTYPE html>"));
}

TEST_F(PagesTest, GivenTheTagOfAFile_Then304) {
    auto request = get("/");
    request.fields = {{"If-None-Match", *field(send(request), "ETag")}};

    EXPECT_EQ(send(request).status, 304U);
}

TEST_F(PagesTest, GivenAClientThatTakesGzip_ThenTheFileIsPacked) {
    auto request = get(named("base", "css"));
    const auto plain = send(request);
    request.fields = {{"Accept-Encoding", "br, GZIP;q=0.5"}};

    const auto packed = send(request);

    EXPECT_EQ(field(plain, "Content-Encoding"), std::nullopt);
    EXPECT_EQ(field(plain, "Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(field(packed, "Content-Encoding"), "gzip");
    EXPECT_EQ(field(packed, "Vary"), "Accept-Encoding");
    EXPECT_THAT(packed.body, StartsWith("\x1F\x8B"));
    EXPECT_LT(packed.body.size(), plain.body.size());
    EXPECT_NE(field(packed, "ETag"), field(plain, "ETag"));
    request.fields = {{"Accept-Encoding", "gzip;q=0, *"}};
    EXPECT_EQ(field(send(request), "Content-Encoding"), std::nullopt);
}

TEST_F(PagesTest, GivenFilesThatAreNoAssets_Then404) {
    for (const std::string name : {"nothing.js", "index.html", "..", "headers.json", "Base.css"}) {
        EXPECT_EQ(verdict(send(get("/assets/" + name))), "404 not-found") << name;
    }
}

TEST_F(PagesTest, GivenAnyOrderId_ThenTheReceiptPageIsServed_AndAsksItself) {
    EXPECT_EQ(send(get("/orders/anything")).status, 200U);
}

TEST_F(PagesTest, GivenThePlainView_ThenTheServerFillsTheReceiptIn) {
    store_order(id);

    const auto response = send(get("/orders/" + id.to_string(), "view=plain"));

    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(field(response, "Cache-Control"), "no-store");
    EXPECT_THAT(response.body, HasSubstr("Waiting for payment"));
    EXPECT_THAT(response.body, HasSubstr("2 × mug"));
    EXPECT_THAT(response.body, HasSubstr("EUR 25.00"));
    EXPECT_THAT(response.body, HasSubstr("Goods put aside"));
    EXPECT_THAT(response.body, HasSubstr("http-equiv=\"refresh\""));
    EXPECT_THAT(response.body, Not(HasSubstr("{{")));
}

TEST_F(PagesTest, GivenThePlainViewOfOtherOrders_ThenItSaysWhatThereIs) {
    EXPECT_EQ(send(get("/orders/" + id.to_string(), "view=plain")).status, 200U) << "accepted, not stored yet";
    const auto unknown = send(get("/orders/<script>", "view=plain"));
    EXPECT_EQ(unknown.status, 404U);
    EXPECT_THAT(unknown.body, Not(HasSubstr("<script>")));
    bury_order(id);
    EXPECT_EQ(send(get("/orders/" + id.to_string(), "view=plain")).status, 410U);
    reader.down = true;
    EXPECT_EQ(send(get("/orders/" + id.to_string(), "view=plain")).status, 503U);
}

TEST_F(PagesTest, GivenProducts_ThenTheyAreListedWithATag) {
    auto request = get("/v1/products");
    const auto response = send(request);

    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(field(response, "Cache-Control"), "no-cache");
    EXPECT_THAT(response.body, HasSubstr(R"("sku":"mug")"));
    request.fields = {{"If-None-Match", *field(response, "ETag")}};
    EXPECT_EQ(send(request).status, 304U);
    store_order(id);
    EXPECT_EQ(send(request).status, 200U) << "stock has changed";
    reader.down = true;
    EXPECT_EQ(verdict(send(request)), "503 store-unavailable");
}

TEST_F(PagesTest, GivenTheProbes_ThenTheyTellTheStateOfTheService) {
    const auto later = [this] { loop.advance(OperationsHandler::answer_good_for); };
    EXPECT_EQ(send(get("/healthz")).body, R"({"status":"ok"})");
    EXPECT_EQ(send(get("/readyz")).body, R"({"status":"ready"})");

    queue.set_down(true);
    later();
    EXPECT_EQ(verdict(send(get("/readyz"))), "503 not-ready");
    EXPECT_EQ(send(get("/healthz")).status, 200U);
    queue.set_down(false);
    queue.set_full(true);
    later();
    EXPECT_EQ(verdict(send(get("/readyz"))), "503 not-ready");
    EXPECT_EQ(send(get("/healthz")).status, 200U);
    queue.set_full(false);
    reader.down = true;
    later();
    EXPECT_EQ(verdict(send(get("/readyz"))), "503 not-ready");
    reader.down = false;
    later();
    EXPECT_EQ(send(get("/readyz")).status, 200U);
    service().begin_drain();
    EXPECT_EQ(verdict(send(get("/readyz"))), "503 not-ready");
    EXPECT_EQ(send(get("/healthz")).status, 200U);
}

TEST_F(PagesTest, GivenManyProbes_WhenTheyComeWithinASecond_ThenQueueAndStoreAreAskedOnce) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(send(get("/readyz")).status, 200U);
    const auto asked = reader.finds;
    EXPECT_EQ(asked, 1);

    loop.advance(OperationsHandler::answer_good_for);
    EXPECT_EQ(send(get("/readyz")).status, 200U);

    EXPECT_EQ(reader.finds, asked + 1);
}

TEST_F(PagesTest, GivenMetrics_ThenTheyAreInTheTextFormat) {
    send(order(key));

    const auto response = send(get("/metrics"));

    EXPECT_THAT(*field(response, "Content-Type"), StartsWith("text/plain; version=0.0.4"));
    EXPECT_THAT(response.body, HasSubstr("\norderflow_orders_accepted_total 1\n"));
    EXPECT_THAT(response.body, HasSubstr("orderflow_send_batch_messages_count 1"));
}

TEST_F(PagesTest, GivenTheContract_ThenItIsServed) {
    const auto response = send(get("/openapi.json"));

    EXPECT_EQ(field(response, "Content-Type"), "application/json");
    EXPECT_EQ(field(response, "Cache-Control"), "no-cache");
    EXPECT_EQ(text_in(body_of(response), "openapi"), "3.1.0");
}

TEST_F(PagesTest, GivenTheMessages_ThenTheirDocumentIsServed) {
    const auto response = send(get("/asyncapi.json"));

    EXPECT_EQ(field(response, "Content-Type"), "application/json");
    EXPECT_EQ(text_in(body_of(response), "asyncapi"), "3.0.0");
}

TEST_F(PagesTest, GivenReadsOverTheirRate_Then429) {
    config.rates.reads = 1;
    auto request = get("/v1/products");
    request.peer = "192.0.2.1";
    for (int i = 0; i < 2; ++i) EXPECT_EQ(send(request).status, 200U);

    EXPECT_EQ(verdict(send(request)), "429 rate-limited");
    auto health = get("/healthz");
    health.peer = "192.0.2.1";
    EXPECT_EQ(send(health).status, 200U);
}

}  // namespace
}  // namespace orderflow::api
