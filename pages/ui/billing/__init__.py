"""What work costs on screen: prices, the bill of a case, the till."""
