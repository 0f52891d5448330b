#include "tests/integration/test_certificates.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace orderflow {
namespace {

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) throw std::runtime_error("no extension " + value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

// What `write` puts into memory.
template <class Write>
std::string pem(Write write) {
    const std::unique_ptr<BIO, Freed<BIO_free>> out(BIO_new(BIO_s_mem()));
    write(out.get());
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace

TestCertificate make_certificate(const std::string& name, const TestCertificate* authority, bool expired) {
    TestCertificate made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    auto* certificate = made.certificate.get();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), authority == nullptr ? 1 : 2);
    constexpr long day = 24L * 60 * 60;
    X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), expired ? -day : day);
    X509_set_pubkey(certificate, made.key.get());
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text, -1, -1, 0);
    auto* issuer = authority == nullptr ? certificate : authority->certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    if (authority == nullptr) {
        add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
    } else {
        const bool is_address = name.find_first_not_of("0123456789.") == std::string::npos;
        add_extension(certificate, issuer, NID_subject_alt_name, (is_address ? "IP:" : "DNS:") + name);
    }
    X509_sign(certificate, authority == nullptr ? made.key.get() : authority->key.get(), EVP_sha256());
    return made;
}

std::string pem_of(X509* certificate) {
    return pem([certificate](BIO* out) { PEM_write_bio_X509(out, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
    return pem([key](BIO* out) { PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace orderflow
