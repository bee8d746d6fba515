/**
 * A certificate for `localhost` and its key, made by `openssl req -x509 -newkey ec -nodes -subj /CN=localhost` for
 * tests of TLS on this machine. No other machine trusts it.
 */
export const LOCALHOST = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUCwTFunwyqfKWK5p/KUSo25feZTYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzAwMTMyNloYDzIxMjYxMDMw
MDAxMzI2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQNeMudQC4vy7E1HuxEepHtmGUdTmKBBYWZeNfQn1ZPlqwZ8lMbd/vP
Ae3HNUEJIhRmpXTsEp4Iyod1IrQZh1w8o2kwZzAdBgNVHQ4EFgQU8FpzR3/sdvwi
3NjwuR+0MS2uSsQwHwYDVR0jBBgwFoAU8FpzR3/sdvwi3NjwuR+0MS2uSsQwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgTgcqs5x5cX0svvWg+d3CO56IndfXvla4H2hNb3xO4k0CIQC6+VtO7mlk
rQi0XEis8QwoVDXyHrpQ7l0tT9D2PQz9Jg==
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguO8Y0qofbCdhU73x
obvV+6v4rJci1znuvEA772K5LMChRANCAAQNeMudQC4vy7E1HuxEepHtmGUdTmKB
BYWZeNfQn1ZPlqwZ8lMbd/vPAe3HNUEJIhRmpXTsEp4Iyod1IrQZh1w8
-----END PRIVATE KEY-----`,
} as const;
