// The form for browsers without scripts.
#include "api-service/handlers/order_form_handler.hpp"

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/order_message.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class OrderFormTest : public ApiTest {
  protected:
    TestRequest form(std::string body) const {
        TestRequest request{.method = net::Method::post, .path = "/order", .body = std::move(body)};
        request.fields = {{"Content-Type", "application/x-www-form-urlencoded"}};
        return request;
    }
    std::string filled(const std::string& changes = {}, const std::string& quantity = "2") const {
        return "idempotency_key=" + key +
               "&customer_name=Ada+Lovelace&customer_email=ada%40example.com&customer_phone=&line1=Am+Markt+1&line2=" +
               "&city=Bremen&region=&postal_code=28195&country=DE&currency=EUR&payment_token=tok_ok&qty_lamp=&qty_"
               "mug=" +
               quantity + changes;
    }
    static std::string hidden_key(const std::string& html) {
        constexpr std::string_view before = "name=\"idempotency_key\" value=\"";
        const auto at = html.find(before) + before.size();
        return html.substr(at, html.find('"', at) - at);
    }
};

TEST_F(OrderFormTest, GivenTheForm_ThenItListsTheProductsAndHasAFreshKey) {
    const auto first = send(get("/order"));
    const auto second = send(get("/order"));

    EXPECT_EQ(first.status, 200U);
    EXPECT_EQ(field(first, "Cache-Control"), "no-store");
    EXPECT_THAT(*field(first, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_THAT(first.body, HasSubstr("name=\"qty_mug\""));
    EXPECT_THAT(first.body, HasSubstr("EUR 12.50"));
    EXPECT_THAT(first.body, HasSubstr("Only 3 left"));
    EXPECT_THAT(first.body, Not(HasSubstr("{{")));
    EXPECT_THAT(hidden_key(first.body), SizeIs(32));
    EXPECT_NE(hidden_key(first.body), hidden_key(second.body));
}

TEST_F(OrderFormTest, GivenAFilledForm_ThenTheBrowserIsSentToTheReceipt) {
    const auto response = send(form(filled()));

    EXPECT_EQ(response.status, 303U);
    ASSERT_THAT(queue.bodies(), SizeIs(1));
    const auto message = contract::decode_message(queue.bodies()[0]);
    const auto& place = std::get<orders::PlaceOrder>(message->command);
    EXPECT_EQ(field(response, "Location"), "/orders/" + place.id.to_string());
    EXPECT_EQ(place.draft->customer.name, "Ada Lovelace");
    EXPECT_EQ(place.draft->shipping_address.name, "Ada Lovelace");
    EXPECT_EQ(place.draft->lines.size(), 1U);
    EXPECT_EQ(place.draft->lines[0].quantity, 2);
}

TEST_F(OrderFormTest, GivenTheButtonPressedTwice_ThenThereIsOneOrder) {
    const auto first = send(form(filled()));
    const auto second = send(form(filled()));

    EXPECT_EQ(field(first, "Location"), field(second, "Location"));
    EXPECT_THAT(queue.bodies(), SizeIs(1));
}

TEST_F(OrderFormTest, GivenMistakes_ThenTheFormComesBackWithThemAndWithWhatWasTyped) {
    auto body = filled("", "two");
    body.replace(body.find("customer_email=ada%40example.com"), 32, "customer_email=%3Cada%3E");
    body.replace(body.find("city=Bremen"), 11, "city=");

    const auto response = send(form(body));

    EXPECT_EQ(response.status, 422U);
    EXPECT_EQ(field(response, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_THAT(*field(response, "Content-Security-Policy"), HasSubstr("style-src 'self'"));
    EXPECT_THAT(response.body, HasSubstr("<title>Error: "));
    EXPECT_THAT(response.body, HasSubstr("There is a problem"));
    EXPECT_THAT(response.body, HasSubstr("<a href=\"#customer_email\">Enter an email address in the correct format"));
    EXPECT_THAT(response.body, HasSubstr("<a href=\"#city\">Enter the town or city"));
    EXPECT_THAT(response.body, HasSubstr("<a href=\"#qty_mug\">Quantity of mug must be a whole number"));
    EXPECT_THAT(response.body, HasSubstr("value=\"&lt;ada&gt;\""));
    EXPECT_THAT(response.body, HasSubstr("<option value=\"DE\" selected>"));
    EXPECT_EQ(hidden_key(response.body), key);
    EXPECT_THAT(queue.bodies(), IsEmpty());
}

TEST_F(OrderFormTest, GivenNothingChosen_ThenThatIsTheMistake) {
    EXPECT_THAT(send(form(filled("", "0"))).body, HasSubstr("<a href=\"#items\">Choose at least one product"));
}

TEST_F(OrderFormTest, GivenAQueueThatIsDown_ThenTheFormComesBackWithItsKey) {
    queue.set_down(true);

    const auto response = send(form(filled()));

    EXPECT_EQ(response.status, 503U);
    EXPECT_EQ(field(response, "Retry-After"), "1");
    EXPECT_THAT(response.body, HasSubstr("Nothing was ordered"));
    EXPECT_EQ(hidden_key(response.body), key);
}

TEST_F(OrderFormTest, GivenAChangedFormUnderAUsedKey_ThenItGetsAKeyOfItsOwn) {
    send(form(filled()));

    const auto response = send(form(filled("", "3")));

    EXPECT_EQ(response.status, 422U);
    EXPECT_NE(hidden_key(response.body), key);
    EXPECT_THAT(response.body, HasSubstr("Press again to place this one"));
    EXPECT_THAT(queue.bodies(), SizeIs(1));
}

TEST_F(OrderFormTest, GivenABodyThatIsNotThisForm_Then400) {
    for (const std::string& body : {filled("&extra=1"), filled("&city=Bonn"), filled("&line1=%zz"),
                                    filled("&qty_a%20b=1"), std::string("customer_name=%FF")}) {
        EXPECT_EQ(verdict(send(form(body))), "400 malformed-form") << body;
    }
    EXPECT_EQ(verdict(send(form("customer_name=Ada"))), "400 invalid-idempotency-key");
}

TEST_F(OrderFormTest, GivenAStoreThatIsDown_ThenThePageSaysSo_ButAFilledFormIsTaken) {
    reader.down = true;

    EXPECT_EQ(send(get("/order")).status, 503U);
    EXPECT_EQ(send(form(filled())).status, 303U);
}

TEST_F(OrderFormTest, GivenNoQueueAndNoStore_ThenAReloadIsOfferedSoThatTheKeyIsKept) {
    queue.set_down(true);
    reader.down = true;

    const auto response = send(form(filled()));

    EXPECT_EQ(response.status, 503U);
    EXPECT_THAT(response.body, HasSubstr("Nothing was ordered"));
    EXPECT_THAT(response.body, HasSubstr("Reload this page"));
}

}  // namespace
}  // namespace orderflow::api
