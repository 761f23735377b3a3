causes = {}
for courier in couriers:
    told = !docker inspect --format "{{{{.HostConfig.NetworkMode}}}} {{{{.HostConfig.Dns}}}} {{{{.Config.Env}}}}" {courier}
    causes[courier] = "internal" if "cellar" in told[0] else "proxy" if "http_proxy" in told[0] else "dns"
by_cause = {cause: courier for courier, cause in causes.items()}
dns_courier, proxy_courier, internal_courier = by_cause["dns"], by_cause["proxy"], by_cause["internal"]
